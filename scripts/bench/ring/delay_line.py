"""A delay line between network namespaces, for kernels without the netem queue.

argv: the delay in milliseconds, the MTU in bytes, and the names of the namespaces. Creates a TUN device "eth0" in each
namespace and prints "ready". Then forwards every packet after the delay. The last byte of the destination address is
the number of the device, counted from 1.
"""

import collections
import ctypes
import fcntl
import os
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN, IFF_NO_PI, CLONE_NEWNET = 0x400454CA, 0x0001, 0x1000, 0x40000000
# Packets read from a device at a time, as in drivers, so that one device cannot starve the others.
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

delayed = collections.deque()
now = time.monotonic
while True:
    wait = max(0.0, delayed[0][0] - now()) if delayed else -1
    for device, _ in poll.poll(wait):
        for _ in range(BATCH):
            try:
                packet = os.read(device, mtu)
            except BlockingIOError:
                break
            to = packet[19] - 1
            if packet[0] >> 4 == 4 and 0 <= to < len(devices):
                delayed.append((now() + delay, devices[to], packet))
    while delayed and delayed[0][0] <= now():
        _, device, packet = delayed.popleft()
        try:
            os.write(device, packet)
        except OSError:
            pass  # the device is being removed
