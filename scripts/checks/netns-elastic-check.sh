#!/usr/bin/env bash
# Checks an elastic run on two simulated hosts: network namespaces joined by one wire, with keys. The head starts alone. A machine joins
# during the run; the wire is cut until the head continues without the machine; the wire is restored and the machine rejoins; finally the
# machine leaves on SIGTERM. All ranks must report the same values for every step, and every row of a batch must be trained exactly once.
# Needs root and iproute2.
#
#     npm run -s build && sudo scripts/checks/netns-elastic-check.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
. scripts/checks/netns-local.sh
make_hosts
join_hosts 10.78.0

for i in $(seq 300); do echo "Line $i says that $((i % 7)) is not $((i % 5))."; done >"$work/text.txt"
cat >"$work/plain.yaml" <<YAML
data: { corpus: $work/text.txt, vocabulary: 300, row: 16, validation: 10%, prepared: $work/data }
student: { model: $PWD/models/micro-tied }
batch: { rows: 4 }
evaluate: { every: 2000 steps, rows: 6 }
plan: [{ plain: ${STEPS:-20000} steps }]
roles: { ranks: 2, restarts: 20, joinWithin: 5 s }
YAML
node dist/src/cli/main.js keys "$work/keys" >/dev/null

launch() { # namespace, node rank, run folder
  exec ip netns exec "$1" node dist/src/cli/main.js launch "$work/plain.yaml" --nnodes 1:2 --node-rank "$2" --head 10.78.0.1:29400 \
    --nproc-per-node 1 --keys "$work/keys" --set run="$3" --set roles.returnWithin="3 s" --json
}
pause() { read -r -t "$1" <> <(:) || true; }
await() { # waits until the head has formed this number of rings
  until [ "$(grep -c ' ring [0-9]* of ' "$work/head.log")" -ge "$1" ]; do
    kill -0 "${pids[0]}" || { cat "$work/head.log" "$work"/node*.log; exit 1; }
    pause 0.2
  done
}
launch "$head" 0 "$work/run" >"$work/run.json" 2>"$work/head.log" &
pids+=($!)
until grep -qs '"event":"step"' "$work/run/metrics/student-0.jsonl"; do
  kill -0 "${pids[0]}" || { cat "$work/head.log"; exit 1; }
  pause 0.2
done
echo "the head has started alone"
launch "$node" 1 "$work/run-1" >"$work/node.json" 2>"$work/node.log" &
pids+=($!)
await 1
echo "a machine has joined"
pause 2
ip -n "$head" link set "h$wire" down
await 2
echo "the wire is cut, and the head continues alone"
ip -n "$head" link set "h$wire" up
await 3
echo "the wire is restored, and the machine has rejoined"
pause 2
kill -TERM "${pids[1]}"
await 4
echo "the machine has left"
wait "${pids[0]}" || { cat "$work/head.log" "$work/node.log"; exit 1; }
grep '^run ' "$work/head.log" || true
node -e '
const fs = require("node:fs");
const [result, log, ...metrics] = process.argv.slice(1);
const { steps } = JSON.parse(fs.readFileSync(result, "utf8"));
const told = new Map();
for (const file of metrics)
  for (const line of fs.readFileSync(file, "utf8").trim().split("\n").map((text) => JSON.parse(text)))
    if (line.event === "step") told.set(line.step, [...(told.get(line.step) ?? []), line]);
const found = { missing: 0, twice: 0, skipped: 0, disagreeing: 0 };
for (let step = 1; step <= steps; step += 1) {
  const lines = told.get(step) ?? [];
  const rows = lines.flatMap(({ firstRow, rows }) => Array.from({ length: rows }, (_, i) => firstRow + i));
  if (lines.length === 0) found.missing += 1;
  if (new Set(rows).size < rows.length) found.twice += 1;
  if (lines.length > 0 && lines.length === lines[0].ranks && rows.length !== 4) found.skipped += 1;
  if (new Set(lines.map(({ loss }) => loss)).size > 1) found.disagreeing += 1;
}
const rings = [...fs.readFileSync(log, "utf8").matchAll(/ ring \d+ of (\d+)/g)].map(([, ranks]) => Number(ranks));
const together = [...told.values()].filter((lines) => lines.length === 2).length;
console.log(JSON.stringify({ check: "netns-elastic", steps, rings, together, ...found }));
process.exit(Object.values(found).some((count) => count > 0) || rings.join() !== "2,1,2,1" ? 1 : 0);
' "$work/run.json" "$work/head.log" "$work/run/metrics/student-0.jsonl" "$work/run-1/metrics/student-1.jsonl"
