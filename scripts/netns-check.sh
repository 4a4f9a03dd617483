#!/usr/bin/env bash
# Two hosts as far as one machine allows: network namespaces with addresses of their own, joined by one wire. brine launch runs in
# both, with keys; in the midst the wire is cut for some seconds and healed. The run must end with the parameters of the same run on
# one host, to the bit. Needs root and iproute2.
#
#     npm run -s build && sudo scripts/netns-check.sh
set -euo pipefail
cd "$(dirname "$0")/.."
work="$(mktemp -d)"
suffix=$$
head="brine-head-$suffix" node="brine-node-$suffix"
cleanup() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  ip netns del "$head" 2>/dev/null || true
  ip netns del "$node" 2>/dev/null || true
  rm -rf "$work"
}
pids=()
trap cleanup EXIT

for name in "$head" "$node"; do
  ip netns add "$name"
  ip -n "$name" link set lo up
done
ip link add "h$suffix" netns "$head" type veth peer name "n$suffix" netns "$node"
ip -n "$head" address add 10.77.0.1/24 dev "h$suffix"
ip -n "$node" address add 10.77.0.2/24 dev "n$suffix"
ip -n "$head" link set "h$suffix" up
ip -n "$node" link set "n$suffix" up

brine() { node dist/src/cli/main.js "$@"; }
for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
cat >"$work/plain.yaml" <<YAML
data: { corpus: $work/text.txt, vocabulary: 300, row: 16, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/micro-tied }
batch: { rows: 4 }
evaluate: { every: 500 steps, rows: 6 }
plan: [{ plain: ${STEPS:-2000} steps }]
roles: { ranks: 2, restarts: 20 }
YAML
brine keys "$work/keys" >/dev/null
brine train "$work/plain.yaml" --set run="$work/alone" --json 2>/dev/null >"$work/alone.json"

launch() { # namespace, node rank, run folder
  exec ip netns exec "$1" node dist/src/cli/main.js launch "$work/plain.yaml" --nnodes 2 --node-rank "$2" --head 10.77.0.1:29400 \
    --nproc-per-node 1 --keys "$work/keys" --set run="$3" --json
}
launch "$head" 0 "$work/two" >"$work/two.json" 2>"$work/head.log" &
pids+=($!)
launch "$node" 1 "$work/two-1" >"$work/node.json" 2>"$work/node.log" &
pids+=($!)
until grep -qs '"event":"step"' "$work/two/metrics/student-0.jsonl"; do
  kill -0 "${pids[0]}" || { cat "$work/head.log" "$work/node.log"; exit 1; }
  read -r -t 0.2 <> <(:) || true
done
ip -n "$head" link set "h$suffix" down
echo "cut"
read -r -t "${CUT_SECONDS:-6}" <> <(:) || true
ip -n "$head" link set "h$suffix" up
echo "healed"
wait "${pids[0]}" || { cat "$work/head.log" "$work/node.log"; exit 1; }
grep '^run ' "$work/head.log" || true
node -e '
const [alone, two] = process.argv.slice(1).map((file) => JSON.parse(require("node:fs").readFileSync(file, "utf8")));
const equal = alone.parameters === two.parameters;
console.log(JSON.stringify({ check: "netns", steps: two.steps, parametersEqual: equal }));
process.exit(equal ? 0 : 1);
' "$work/alone.json" "$work/two.json"
