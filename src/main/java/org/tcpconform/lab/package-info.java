/**
 * Ready-made targets: each is started in a network namespace of its own, joined to the harness by a veth pair, and is
 * gone when its {@link org.tcpconform.lab.Lab} is closed or the harness dies, however it dies.
 *
 * <p>Nothing has a name: no namespace is mounted under /run/netns, no interface is made in the host's namespace, no
 * firewall rule is set. A namespace lives as long as a process in it, and every process is tied to the harness by the
 * kernel (parent-death signal, process namespace), so there is nothing that a later start would have to clean up.
 */
package org.tcpconform.lab;
