/*
 * The listeners of a guest: one thread for each connection, on plain sockets of IPv6 that take IPv4 too. No socket option
 * is set that changes what TCP does. Prints "ready" once all ports listen.
 */
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 1024, BUFFER = 16 * 1024, STACK = 64 * 1024, HALF_OPEN_SECONDS = 20 };

struct service {
    int port;
    /* Drives the application's side of one connection; the caller closes it. */
    void (*serve)(int connection);
};

struct work {
    int connection;
    void (*serve)(int connection);
};

static pthread_attr_t small;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

/* Throws away what comes until the peer closes; whether it did so, rather than reset. */
static int discarded(int connection) {
    char buffer[BUFFER];
    ssize_t count;
    while ((count = read(connection, buffer, sizeof buffer)) > 0) {
    }
    return count == 0;
}

static void echo(int connection) {
    char buffer[BUFFER];
    ssize_t count;
    /* A blocking write takes all. */
    while ((count = read(connection, buffer, sizeof buffer)) > 0 && write(connection, buffer, count) == count) {
    }
}

static void discard(int connection) {
    discarded(connection);
}

static void close_first(int connection) {
    static const char greeting[] = "hello\r\n";
    if (write(connection, greeting, sizeof greeting - 1) > 0) {
        shutdown(connection, SHUT_WR);
        discarded(connection);
    }
}

static void keep_half_open(int connection) {
    if (discarded(connection)) {
        sleep(HALF_OPEN_SECONDS);
    }
}

/* Sends without end, as fast as the peer takes it, until the peer closes. */
static void bulk(int connection) {
    char text[BUFFER];
    char thrown_away[1024];
    memset(text, '.', sizeof text);
    for (;;) {
        struct pollfd ready = {.fd = connection, .events = POLLIN | POLLOUT};
        if (poll(&ready, 1, -1) < 0) {
            return;
        }
        if ((ready.revents & ~POLLOUT) && read(connection, thrown_away, sizeof thrown_away) <= 0) {
            return;
        }
        if ((ready.revents & POLLOUT) && send(connection, text, sizeof text, MSG_DONTWAIT) < 0) {
            return;
        }
    }
}

static const struct service services[] = {
    {7, echo}, {9, discard}, {13, close_first}, {15, keep_half_open}, {19, bulk},
};

enum { SERVICES = sizeof services / sizeof *services };

static void *serve(void *argument) {
    struct work work = *(struct work *)argument;
    free(argument);
    work.serve(work.connection);
    close(work.connection);
    return NULL;
}

static void accept_from(int listener, void (*service)(int)) {
    int connection = accept(listener, NULL, NULL);
    if (connection < 0) {
        return; /* reset before it was accepted */
    }
    struct work *work = malloc(sizeof *work);
    pthread_t thread;
    if (work == NULL) {
        fail("malloc");
    }
    *work = (struct work){connection, service};
    if (pthread_create(&thread, &small, serve, work) != 0) {
        free(work);
        close(connection);
    }
}

static int listen_on(int port) {
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    int listener = socket(AF_INET6, SOCK_STREAM, 0);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0
        || listen(listener, BACKLOG) < 0) {
        fail("listen");
    }
    return listener;
}

int main(void) {
    struct pollfd listeners[SERVICES];
    signal(SIGPIPE, SIG_IGN);
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    pthread_attr_setdetachstate(&small, PTHREAD_CREATE_DETACHED);
    for (int i = 0; i < SERVICES; i++) {
        listeners[i] = (struct pollfd){.fd = listen_on(services[i].port), .events = POLLIN};
    }
    puts("ready");
    fflush(stdout);
    while (poll(listeners, SERVICES, -1) > 0) {
        for (int i = 0; i < SERVICES; i++) {
            if (listeners[i].revents != 0) {
                accept_from(listeners[i].fd, services[i].serve);
            }
        }
    }
    fail("poll");
}
