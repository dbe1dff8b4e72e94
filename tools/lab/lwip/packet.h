/* Frames of an interface of the kernel's, for a stack that takes it over. */
#ifndef PACKET_H
#define PACKET_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Opens the interface and tells its Ethernet address; the program ends with a message where that fails. */
int packet_open(const char *interface, uint8_t mac[6]);

#endif
