#!/usr/bin/env bash
# Checks brine launch on two simulated hosts: network namespaces with their own addresses, joined by one wire. The first device of each
# host has an unreachable address, like docker0. The run uses keys, and a model whose ring segments have several chunks:
#
#   cut       the wire is cut for some seconds; the final parameters are bit-identical to those of the same run on one host
#   ipv6      --head is an IPv6 address without brackets
#   bind      the hosts share a run folder, and each sets its own roles.bind
#   nowhere   one host advertises the unreachable address; the error names it and roles.bind within joinWithin
#
# The last line of output is JSON. Needs root and iproute2.
#
#     npm run -s build && sudo scripts/checks/netns-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/checks/netns-local.sh
fail() { # name of the failed check; prints the logs
  cat "$work"/*.log >&2
  echo "{\"check\":\"netns\",\"failed\":\"$1\"}"
  exit 1
}

make_hosts
for name in "$head" "$node"; do
  ip -n "$name" link add docker0 type veth peer name docker0p
  ip -n "$name" address add 172.17.0.1/16 dev docker0
  ip -n "$name" link set docker0 up
  ip -n "$name" link set docker0p up
done
join_hosts 10.77.0
ip -n "$head" address add fd77::1/64 dev "h$wire" nodad
ip -n "$node" address add fd77::2/64 dev "n$wire" nodad

brine() { node dist/src/cli/main.js "$@"; }
for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
cat >"$work/plain.yaml" <<YAML
data: { corpus: $work/text.txt, vocabulary: 300, row: 16, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/nano-llm }
batch: { rows: 4 }
evaluate: { every: 500 steps, rows: 6 }
plan: [{ plain: ${STEPS:-100} steps }]
roles: { ranks: 2, restarts: 20 }
YAML
brine keys "$work/keys" >/dev/null
brine train "$work/plain.yaml" --set run="$work/alone" --json 2>/dev/null >"$work/alone.json"

launch() { # namespace, node rank, head, further arguments
  local name="$1" rank="$2" at="$3"
  shift 3
  exec ip netns exec "$name" node dist/src/cli/main.js launch "$work/plain.yaml" --nnodes 2 --node-rank "$rank" --head "$at" \
    --nproc-per-node 1 --keys "$work/keys" --json "$@"
}
both() { # check, head, further arguments; launches on both hosts, in the folder runs/CHECK
  local check="$1" at="$2"
  shift 2
  launch "$head" 0 "$at" --set run="$work/$check" "$@" ${HEAD_WORDS:-} >"$work/$check.json" 2>"$work/$check-head.log" &
  pids=($!)
  launch "$node" 1 "$at" --set run="$work/$check${NODE_FOLDER--1}" "$@" ${NODE_WORDS:-} >"$work/$check-node.json" 2>"$work/$check-node.log" &
  pids+=($!)
}
ended() { # waits for both, whatever their exit codes
  headExit=0 nodeExit=0
  wait "${pids[0]}" || headExit=$?
  wait "${pids[1]}" || nodeExit=$?
  pids=()
}

both cut 10.77.0.1:29400
until grep -qs '"event":"step"' "$work/cut/metrics/student-0.jsonl"; do
  kill -0 "${pids[0]}" || fail "cut: the head ended"
  read -r -t 0.2 <> <(:) || true
done
ip -n "$head" link set "h$wire" down
echo "cut"
read -r -t "${CUT_SECONDS:-6}" <> <(:) || true
ip -n "$head" link set "h$wire" up
ip -n "$head" address replace fd77::1/64 dev "h$wire" nodad # the address is removed with the link
echo "healed"
ended
[ "$headExit$nodeExit" = 00 ] || fail "cut: exit $headExit and $nodeExit"
grep '^run ' "$work/cut-head.log" || true

short=(--set "plan=[{ plain: 5 steps }]")
both ipv6 fd77::1 "${short[@]}"
ended
[ "$headExit$nodeExit" = 00 ] || fail "ipv6: exit $headExit and $nodeExit"

NODE_FOLDER="" HEAD_WORDS="--set roles.bind=h$wire" NODE_WORDS="--set roles.bind=n$wire" both bind 10.77.0.1 "${short[@]}"
ended
[ "$headExit$nodeExit" = 00 ] || fail "bind: exit $headExit and $nodeExit"

NODE_WORDS="--set roles.bind=docker0" both nowhere 10.77.0.1 "${short[@]}" --set roles.joinWithin=15s
ended
[ "$headExit" = 1 ] || fail "nowhere: the head exits $headExit"
grep -q 'ADDRESS_UNREACHABLE.*172\.17\.0\.1.*roles\.bind' "$work/nowhere-head.log" || fail "nowhere: the address is not named"

node -e '
const [alone, two] = process.argv.slice(1).map((file) => JSON.parse(require("node:fs").readFileSync(file, "utf8")));
const parametersEqual = alone.parameters === two.parameters;
console.log(JSON.stringify({ check: "netns", keys: true, steps: two.steps, parametersEqual, ipv6: true, ownBind: true, unreachableNamed: true }));
process.exit(parametersEqual ? 0 : 1);
' "$work/alone.json" "$work/cut.json"
