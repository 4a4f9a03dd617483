# Two simulated hosts for the scripts that source this file: network namespaces joined by one wire. Needs root and iproute2.
#
#     . scripts/checks/netns-local.sh      # sets work (a folder), pids, head and node (the namespaces), and wire (their devices are h$wire and n$wire)
#     make_hosts                    # two namespaces, each with a loopback device
#     join_hosts 10.77.0            # the wire: the head gets address .1 of that network, the node .2
#
# When the script exits, the processes in pids are killed, and the namespaces and the folder are removed.

work="$(mktemp -d)"
wire=$$
head="brine-head-$wire" node="brine-node-$wire"
pids=()
end_hosts() {
  [ ${#pids[@]} = 0 ] || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  ip netns del "$head" 2>/dev/null || true
  ip netns del "$node" 2>/dev/null || true
  rm -rf "$work"
}
trap end_hosts EXIT

make_hosts() {
  local name
  for name in "$head" "$node"; do
    ip netns add "$name"
    ip -n "$name" link set lo up
  done
}

join_hosts() {
  ip link add "h$wire" netns "$head" type veth peer name "n$wire" netns "$node"
  ip -n "$head" address add "$1.1/24" dev "h$wire"
  ip -n "$node" address add "$1.2/24" dev "n$wire"
  ip -n "$head" link set "h$wire" up
  ip -n "$node" link set "n$wire" up
}
