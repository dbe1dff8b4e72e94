/*
 * Switches off generic receive offload: merged segments would be acknowledged as one, which is not what TCP does, but what
 * the card's driver makes of it.
 *
 *   no-merging INTERFACE
 */
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

int main(int count, char **words) {
    struct ethtool_value off = {.cmd = ETHTOOL_SGRO, .data = 0};
    struct ifreq request = {.ifr_data = (void *)&off};
    if (count != 2) {
        return 2;
    }
    strncpy(request.ifr_name, words[1], sizeof request.ifr_name - 1);
    if (ioctl(socket(AF_INET, SOCK_DGRAM, 0), SIOCETHTOOL, &request) < 0) {
        perror("no-merging");
        return 1;
    }
    return 0;
}
