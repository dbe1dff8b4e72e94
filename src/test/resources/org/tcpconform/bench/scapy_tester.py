"""The exchange of the reaction benchmark, played by scapy: SYN, SYN-ACK, ACK; data and its acknowledgment; RST.

scapy_tester.py srp1|socket INTERFACE OUR-ADDRESS TARGET PORT CONNECTIONS SEGMENTS

srp1:   each stimulus goes out with srp1(), which opens a socket, sends, sniffs for the answer and closes; each
        acknowledgment with sendp(). So it is done in most scripts.
socket: one L2 socket for all: send() and recv() in a loop. The best that scapy offers.
"""

import random
import sys
import time

from scapy.all import ARP, ETH_P_ALL, IP, TCP, Ether, conf, sendp, srp1

MAC = "02:00:5e:00:53:4e"
PATIENCE = 2

mode, interface, ours, target, port, connections, segments = sys.argv[1:]
port, connections, segments = int(port), int(connections), int(segments)
conf.verb = 0
conf.iface = interface


def next_hop():
    """The target's Ethernet address; the target learns ours by the question."""
    question = Ether(src=MAC, dst="ff:ff:ff:ff:ff:ff") / ARP(
        op="who-has", hwsrc=MAC, psrc=ours, pdst=target)
    answer = srp1(question, iface=interface, timeout=PATIENCE)
    if answer is None:
        sys.exit("no ARP answer")
    return answer.hwsrc


class BySrp1:
    def exchange(self, frame):
        answer = srp1(frame, iface=interface, timeout=PATIENCE)
        if answer is None:
            sys.exit("no answer to " + frame.summary())
        return answer

    def send(self, frame):
        sendp(frame, iface=interface)


class BySocket:
    def __init__(self):
        self.socket = conf.L2socket(iface=interface, type=ETH_P_ALL)

    def exchange(self, frame):
        self.socket.send(frame)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            answer = self.socket.recv()
            if answer is not None and TCP in answer and answer[TCP].sport == port \
                    and answer[TCP].dport == frame[TCP].sport:
                return answer
        sys.exit("no answer to " + frame.summary())

    def send(self, frame):
        self.socket.send(frame)


def play(tester, begin, source_port):
    seq = random.getrandbits(32)
    tcp = dict(sport=source_port, dport=port, window=65535)
    syn_ack = tester.exchange(begin / TCP(flags="S", seq=seq, options=[("MSS", 1460)], **tcp))
    if syn_ack[TCP].flags != "SA":
        sys.exit("no SYN-ACK: " + syn_ack.summary())
    seq += 1
    ack = syn_ack[TCP].seq + 1
    tester.send(begin / TCP(flags="A", seq=seq & 0xffffffff, ack=ack & 0xffffffff, **tcp))
    for _ in range(segments):
        data = begin / TCP(flags="PA", seq=seq & 0xffffffff, ack=ack & 0xffffffff, **tcp) / b"a"
        tester.exchange(data)
        seq += 1
    tester.send(begin / TCP(flags="R", seq=seq & 0xffffffff, **tcp))


def main():
    begin = Ether(src=MAC, dst=next_hop()) / IP(src=ours, dst=target, flags="DF")
    tester = BySrp1() if mode == "srp1" else BySocket()
    first_port = random.randint(20000, 50000)
    for number in range(connections):
        play(tester, begin, first_port + number)


main()
