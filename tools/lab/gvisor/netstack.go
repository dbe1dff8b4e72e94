// Command netstack runs gVisor's TCP on a tap device, with the services that a lab offers.
//
// Usage: netstack TAP MAC ADDRESS/PREFIX...
//
// It prints "ready" once all ports listen, and ends when its standard input does.
package main

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"time"

	"gvisor.dev/gvisor/pkg/tcpip"
	"gvisor.dev/gvisor/pkg/tcpip/adapters/gonet"
	"gvisor.dev/gvisor/pkg/tcpip/link/fdbased"
	"gvisor.dev/gvisor/pkg/tcpip/link/tun"
	"gvisor.dev/gvisor/pkg/tcpip/network/arp"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv4"
	"gvisor.dev/gvisor/pkg/tcpip/network/ipv6"
	"gvisor.dev/gvisor/pkg/tcpip/stack"
	"gvisor.dev/gvisor/pkg/tcpip/transport/icmp"
	"gvisor.dev/gvisor/pkg/tcpip/transport/tcp"
)

const (
	nic      = 1
	mtu      = 1500
	halfOpen = 20 * time.Second
)

// What the application does with a connection, by port. Each closes it at the end.
var services = map[uint16]func(*gonet.TCPConn){
	7:  echo,
	9:  discard,
	13: closeFirst,
	15: keepHalfOpen,
	19: bulk,
}

func echo(c *gonet.TCPConn) { io.Copy(c, c) }

func discard(c *gonet.TCPConn) { io.Copy(io.Discard, c) }

func closeFirst(c *gonet.TCPConn) {
	io.WriteString(c, "hello\r\n")
	c.CloseWrite()
	discard(c)
}

func keepHalfOpen(c *gonet.TCPConn) {
	if _, err := io.Copy(io.Discard, c); err == nil {
		time.Sleep(halfOpen)
	}
}

func bulk(c *gonet.TCPConn) {
	go func() {
		discard(c)
		c.Close()
	}()
	text := bytes.Repeat([]byte("The quick brown fox jumps over the lazy dog.\r\n"), 128)
	for err := error(nil); err == nil; {
		_, err = c.Write(text)
	}
}

func main() {
	if len(os.Args) < 4 {
		fail("usage: netstack TAP MAC ADDRESS/PREFIX...")
	}
	s := newStack(os.Args[1], os.Args[2], os.Args[3:])
	for port, service := range services {
		// A listener for IPv6 takes connections over IPv4 too.
		listener, err := gonet.ListenTCP(s, tcpip.FullAddress{Port: port}, ipv6.ProtocolNumber)
		check("listen", err)
		go serve(listener, service)
	}
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
}

func serve(listener *gonet.TCPListener, service func(*gonet.TCPConn)) {
	for {
		c, err := listener.Accept()
		check("accept", err)
		go func() {
			service(c.(*gonet.TCPConn))
			c.Close()
		}()
	}
}

// newStack makes a stack with the options that gVisor's own runsc sets (runsc/boot/loader.go); the rest is as it comes.
func newStack(tap, mac string, addresses []string) *stack.Stack {
	s := stack.New(stack.Options{
		NetworkProtocols:   []stack.NetworkProtocolFactory{arp.NewProtocol, ipv4.NewProtocol, ipv6.NewProtocol},
		TransportProtocols: []stack.TransportProtocolFactory{tcp.NewProtocol, icmp.NewProtocol4, icmp.NewProtocol6},
		HandleLocal:        true,
	})
	sack := tcpip.TCPSACKEnabled(true)
	checkStack("SACK", s.SetTransportProtocolOption(tcp.ProtocolNumber, &sack))
	moderate := tcpip.TCPModerateReceiveBufferOption(true)
	checkStack("receive buffer", s.SetTransportProtocolOption(tcp.ProtocolNumber, &moderate))

	fd, err := tun.OpenTAP(tap)
	check(tap, err)
	hardware, err := net.ParseMAC(mac)
	check("MAC", err)
	link, err := fdbased.New(&fdbased.Options{
		FDs:            []int{fd},
		MTU:            mtu,
		EthernetHeader: true,
		Address:        tcpip.LinkAddress(hardware),
	})
	check("link", err)
	checkStack("interface", s.CreateNIC(nic, link))

	for _, text := range addresses {
		ip, subnet, err := net.ParseCIDR(text)
		check("address", err)
		protocol := ipv6.ProtocolNumber
		if v4 := ip.To4(); v4 != nil {
			protocol, ip = ipv4.ProtocolNumber, v4
		}
		prefix, _ := subnet.Mask.Size()
		address := tcpip.ProtocolAddress{
			Protocol:          protocol,
			AddressWithPrefix: tcpip.AddressWithPrefix{Address: tcpip.Address(ip), PrefixLen: prefix},
		}
		checkStack("address", s.AddProtocolAddress(nic, address, stack.AddressProperties{}))
		s.AddRoute(tcpip.Route{Destination: address.AddressWithPrefix.Subnet(), NIC: nic})
	}
	return s
}

func check(what string, err error) {
	if err != nil {
		fail(what + ": " + err.Error())
	}
}

func checkStack(what string, err tcpip.Error) {
	if err != nil {
		fail(what + ": " + err.String())
	}
}

func fail(why string) {
	fmt.Println(why)
	os.Exit(1)
}
