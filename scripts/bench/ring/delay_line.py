"""A delay line between network namespaces, for kernels without the netem queue. argv: the delay in milliseconds, the MTU in bytes,
and the names of the namespaces. Makes a TUN device "eth0" in each, says "ready", and hands every packet, after the delay, to
the device whose number the last byte of its destination address says (counted from 1)."""

import collections
import ctypes
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
# What a driver hands to the kernel for sending, before it counts as a jam.
BATCH = 64

libc = ctypes.CDLL(None, use_errno=True)


def device_in(namespace):
    with open(f"/run/netns/{namespace}") as handle:
        if libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")
    tun = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(tun, TUNSETIFF, struct.pack("16sH22x", b"eth0", IFF_TUN | IFF_NO_PI))
    return tun


delay, mtu, names = float(sys.argv[1]) / 1000, int(sys.argv[2]), sys.argv[3:]
devices = [device_in(name) for name in names]
poll = select.epoll()
for device in devices:
    poll.register(device, select.EPOLLIN)
print("ready", flush=True)

held = collections.deque()
now = time.monotonic
while True:
    wait = max(0.0, held[0][0] - now()) if held else -1
    for device, _ in poll.poll(wait):
        for _ in range(BATCH):
            try:
                packet = os.read(device, mtu)
            except BlockingIOError:
                break
            to = packet[19] - 1
            if packet[0] >> 4 == 4 and 0 <= to < len(devices):
                held.append((now() + delay, devices[to], packet))
    while held and held[0][0] <= now():
        _, device, packet = held.popleft()
        try:
            os.write(device, packet)
        except OSError:
            pass  # a device that is going away
