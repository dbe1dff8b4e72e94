/* lwIP as a target: on an interface on which the kernel has no address, with the services of a lab.
 *
 *     lwip INTERFACE IPV4/PREFIX IPV6/PREFIX SERVICE=PORT...
 *
 * Prints "ready" once it answers, and ends when its standard input does. */
#include <err.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lwip/etharp.h>
#include <lwip/ethip6.h>
#include <lwip/netif.h>
#include <lwip/tcp.h>
#include <lwip/tcpip.h>
#include <netif/ethernet.h>

#include "packet.h"

enum { FRAME = 1514, HALF_OPEN_SECONDS = 20, IDLE_SECONDS = 15 * 60, TICKS_A_SECOND = 2 };

/* ---- what the application does with a connection */

enum behaviour { ECHO, DISCARD, CLOSES_FIRST, KEEPS_HALF_OPEN, BULK, BEHAVIOURS };

static const char *const names[BEHAVIOURS] = {"echo", "discard", "closes-first", "keeps-half-open", "bulk"};
static const char greeting[] = "hello\r\n";
static char pattern[72 * 95];

struct connection {
    enum behaviour behaviour;
    struct pbuf *pending; /* echo: what the peer has sent and was not sent back yet */
    size_t offset;        /* bulk: how far into the pattern */
    bool peer_closed;
    int idle; /* seconds */
};

static void release(struct connection *c)
{
    if (c->pending)
        pbuf_free(c->pending);
    free(c);
}

/* Leaves the connection to the stack alone, closed or, where that fails, aborted. */
static err_t finish(struct connection *c, struct tcp_pcb *pcb, bool in_order)
{
    release(c);
    tcp_arg(pcb, NULL);
    tcp_recv(pcb, NULL);
    tcp_sent(pcb, NULL);
    tcp_err(pcb, NULL);
    tcp_poll(pcb, NULL, 0);
    if (in_order && tcp_close(pcb) == ERR_OK)
        return ERR_OK;
    tcp_abort(pcb);
    return ERR_ABRT;
}

/* Hands over as much as the stack takes; the octets that it took. */
static u16_t write_some(struct tcp_pcb *pcb, const void *data, size_t length)
{
    u16_t n = (u16_t) LWIP_MIN(length, LWIP_MIN(tcp_sndbuf(pcb), 0xffff));
    return n > 0 && tcp_write(pcb, data, n, TCP_WRITE_FLAG_COPY) == ERR_OK ? n : 0;
}

/* Does what can be done now. */
static err_t advance(struct connection *c, struct tcp_pcb *pcb)
{
    u16_t n;
    if (c->behaviour == BULK && !c->peer_closed) {
        while ((n = write_some(pcb, pattern + c->offset, sizeof pattern - c->offset)) > 0)
            c->offset = (c->offset + n) % sizeof pattern;
    }
    /* The window opens only for what was sent back. */
    while (c->pending && (n = write_some(pcb, c->pending->payload, c->pending->len)) > 0) {
        tcp_recved(pcb, n);
        c->pending = pbuf_free_header(c->pending, n);
    }
    tcp_output(pcb);
    return c->peer_closed && !c->pending && c->behaviour != KEEPS_HALF_OPEN ? finish(c, pcb, true) : ERR_OK;
}

static err_t on_received(void *arg, struct tcp_pcb *pcb, struct pbuf *p, err_t error)
{
    struct connection *c = arg;
    LWIP_UNUSED_ARG(error);
    c->idle = 0;
    if (!p) {
        c->peer_closed = true;
    } else if (c->behaviour != ECHO) {
        tcp_recved(pcb, p->tot_len);
        pbuf_free(p);
    } else if (c->pending) {
        pbuf_cat(c->pending, p);
    } else {
        c->pending = p;
    }
    return advance(c, pcb);
}

static err_t on_sent(void *arg, struct tcp_pcb *pcb, u16_t length)
{
    struct connection *c = arg;
    LWIP_UNUSED_ARG(length);
    c->idle = 0;
    return advance(c, pcb);
}

/* Once a second. */
static err_t on_poll(void *arg, struct tcp_pcb *pcb)
{
    struct connection *c = arg;
    c->idle++;
    if (c->idle >= IDLE_SECONDS)
        return finish(c, pcb, false);
    if (c->peer_closed && c->idle >= HALF_OPEN_SECONDS)
        return finish(c, pcb, true);
    return advance(c, pcb);
}

static void on_error(void *arg, err_t error)
{
    LWIP_UNUSED_ARG(error);
    release(arg);
}

static err_t on_accepted(void *arg, struct tcp_pcb *pcb, err_t error)
{
    struct connection *c;
    if (error != ERR_OK || !pcb || !(c = calloc(1, sizeof *c)))
        return ERR_VAL;
    c->behaviour = *(enum behaviour *) arg;
    tcp_arg(pcb, c);
    tcp_recv(pcb, on_received);
    tcp_sent(pcb, on_sent);
    tcp_err(pcb, on_error);
    tcp_poll(pcb, on_poll, TICKS_A_SECOND);
    if (c->behaviour == CLOSES_FIRST) {
        write_some(pcb, greeting, sizeof greeting - 1);
        tcp_shutdown(pcb, 0, 1);
    }
    return advance(c, pcb);
}

static void listen_for(const char *service)
{
    static enum behaviour all[BEHAVIOURS];
    size_t length = strcspn(service, "=");
    for (int i = 0; i < BEHAVIOURS; i++) {
        if (strlen(names[i]) == length && strncmp(names[i], service, length) == 0 && service[length]) {
            struct tcp_pcb *pcb = tcp_new_ip_type(IPADDR_TYPE_ANY);
            if (!pcb || tcp_bind(pcb, IP_ANY_TYPE, (u16_t) atoi(service + length + 1)) != ERR_OK)
                errx(1, "cannot listen: %s", service);
            all[i] = (enum behaviour) i;
            pcb = tcp_listen(pcb);
            tcp_arg(pcb, &all[i]);
            tcp_accept(pcb, on_accepted);
            return;
        }
    }
    errx(2, "not SERVICE=PORT: %s", service);
}

/* ---- the interface */

static struct netif interface;
static int link_fd;

static err_t transmit(struct netif *netif, struct pbuf *p)
{
    char frame[FRAME];
    LWIP_UNUSED_ARG(netif);
    if (p->tot_len > sizeof frame)
        return ERR_BUF;
    pbuf_copy_partial(p, frame, p->tot_len, 0);
    return write(link_fd, frame, p->tot_len) == p->tot_len ? ERR_OK : ERR_IF;
}

static void *receive(void *unused)
{
    static char frame[0x10000];
    ssize_t length;
    while ((length = read(link_fd, frame, sizeof frame)) > 0) {
        /* The library's pool has buffers of 592 octets that are taken for larger ones. */
        struct pbuf *p = pbuf_alloc(PBUF_RAW, (u16_t) length, PBUF_RAM);
        if (!p)
            continue;
        pbuf_take(p, frame, (u16_t) length);
        /* At once, not through the mailbox of the stack's thread, which drops what does not fit in. */
        LOCK_TCPIP_CORE();
        if (interface.input(p, &interface) != ERR_OK)
            pbuf_free(p);
        UNLOCK_TCPIP_CORE();
    }
    err(1, "the interface");
    return unused;
}

static err_t set_up(struct netif *netif)
{
    netif->name[0] = 'e';
    netif->name[1] = 'n';
    netif->mtu = 1500;
    netif->hwaddr_len = ETH_HWADDR_LEN;
    netif->output = etharp_output;
    netif->output_ip6 = ethip6_output;
    netif->linkoutput = transmit;
    /* Without MLD6 it hears no neighbour solicitation. */
    netif->flags = NETIF_FLAG_BROADCAST | NETIF_FLAG_ETHARP | NETIF_FLAG_ETHERNET | NETIF_FLAG_MLD6;
    link_fd = packet_open(netif->state, netif->hwaddr);
    return ERR_OK;
}

/* Cuts the length of the prefix off; its value. */
static int prefix_of(char *address)
{
    char *slash = strchr(address, '/');
    if (!slash)
        errx(2, "no prefix length: %s", address);
    *slash = '\0';
    return atoi(slash + 1);
}

static void start(void *arg)
{
    char **words = arg;
    ip4_addr_t address4, mask, none = {0};
    int prefix = prefix_of(words[1]);
    mask.addr = prefix ? lwip_htonl(0xffffffffu << (32 - prefix)) : 0;
    if (!ip4addr_aton(words[1], &address4))
        errx(2, "not an IPv4 address: %s", words[1]);
    if (!netif_add(&interface, &address4, &mask, &none, words[0], set_up, ethernet_input))
        errx(1, "no interface");
    netif_set_default(&interface);

    ip6_addr_t address6;
    s8_t index;
    prefix_of(words[2]);
    if (!ip6addr_aton(words[2], &address6))
        errx(2, "not an IPv6 address: %s", words[2]);
    ip6_addr_assign_zone(&address6, IP6_UNICAST, &interface);
    interface.ip6_autoconfig_enabled = 0;
    netif_create_ip6_linklocal_address(&interface, 1);
    if (netif_add_ip6_address(&interface, &address6, &index) != ERR_OK)
        errx(1, "no room for %s", words[2]);
    /* Nobody else is on the link, so that neither address has to be asked for. */
    netif_ip6_addr_set_state(&interface, 0, IP6_ADDR_PREFERRED);
    netif_ip6_addr_set_state(&interface, index, IP6_ADDR_PREFERRED);

    netif_set_link_up(&interface);
    netif_set_up(&interface);
    for (words += 3; *words; words++)
        listen_for(*words);
    pthread_t reader;
    if (pthread_create(&reader, NULL, receive, NULL) != 0)
        errx(1, "no thread");
    puts("ready");
}

int main(int count, char **words)
{
    if (count < 5)
        errx(2, "usage: lwip INTERFACE IPV4/PREFIX IPV6/PREFIX SERVICE=PORT...");
    for (size_t i = 0; i < sizeof pattern; i++)
        pattern[i] = i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : (char) (' ' + (i / 72 + i % 72) % 95);
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    srand((unsigned) now.tv_nsec);
    setvbuf(stdout, NULL, _IOLBF, 0);
    tcpip_init(start, words + 1);
    char octet;
    while (read(STDIN_FILENO, &octet, 1) > 0) {
    }
    return 0;
}
