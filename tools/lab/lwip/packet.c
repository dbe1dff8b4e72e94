/* Apart from the stack's code: its headers and the system's have names in common. */
#include "packet.h"

#include <arpa/inet.h>
#include <err.h>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int packet_open(const char *interface, uint8_t mac[6])
{
    int fd = socket(AF_PACKET, SOCK_RAW, htons(ETH_P_ALL));
    if (fd < 0)
        err(1, "packet socket");

    struct ifreq request = {0};
    strncpy(request.ifr_name, interface, IFNAMSIZ - 1);
    if (ioctl(fd, SIOCGIFHWADDR, &request) < 0)
        err(1, "%s", interface);
    memcpy(mac, request.ifr_hwaddr.sa_data, 6);

    int yes = 1, room = 4 << 20;
    if (setsockopt(fd, SOL_PACKET, PACKET_IGNORE_OUTGOING, &yes, sizeof yes) < 0)
        err(1, "PACKET_IGNORE_OUTGOING");
    /* A burst that found no room would look like loss. */
    if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room) < 0)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &room, sizeof room);

    struct sockaddr_ll address = {
        .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = (int) if_nametoindex(interface)};
    if (bind(fd, (struct sockaddr *) &address, sizeof address) < 0)
        err(1, "%s", interface);
    return fd;
}
