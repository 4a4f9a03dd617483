#!/usr/bin/env bash
# Checks cluster/jobset.yaml without Kubernetes. Network namespaces stand in for pods: they run the template's commands and environment
# under the host names of JobSet, as the user and group of the pods, with keys mounted like a Secret (owned by root, mode 0440). Two student
# pods and a teacher pod train a few steps on the CPU, and another pod reads the Prometheus metrics. Needs root and iproute2.
#
#     npm run -s build && sudo scripts/checks/jobset-check.sh      # STUDENT=models/… for another student
set -euo pipefail
cd "$(dirname "$0")/../.."
work="$(mktemp -d)"
chmod 755 "$work"
suffix=$$
pods=(students-0-0 students-0-1 teachers-0-0 scraper)
pids=()
cleanup() {
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  for pod in "${pods[@]}" net; do
    ip netns del "brine-$pod-$suffix" 2>/dev/null || true
    rm -rf "/etc/netns/brine-$pod-$suffix"
  done
  rm -rf "$work"
}
trap cleanup EXIT

ip netns add "brine-net-$suffix"
ip -n "brine-net-$suffix" link add bridge type bridge
ip -n "brine-net-$suffix" link set bridge up
for i in "${!pods[@]}"; do
  name="brine-${pods[$i]}-$suffix"
  ip netns add "$name"
  ip -n "$name" link set lo up
  ip link add eth0 netns "$name" type veth peer name "p$i" netns "brine-net-$suffix"
  ip -n "brine-net-$suffix" link set "p$i" master bridge up
  ip -n "$name" address add "10.78.0.$((i + 1))/24" dev eth0
  ip -n "$name" link set eth0 up
  mkdir -p "/etc/netns/$name"
  echo '127.0.0.1 localhost' >"/etc/netns/$name/hosts"
  for j in "${!pods[@]}"; do echo "10.78.0.$((j + 1)) brine-${pods[$j]}.brine" >>"/etc/netns/$name/hosts"; done
done

# Prints the command of a replicated job in the template, then its environment, one word per line.
says() {
  node --input-type=module -e '
    import { readFileSync } from "node:fs";
    import { parse } from "yaml";
    const { spec } = parse(readFileSync("cluster/jobset.yaml", "utf8"));
    const job = spec.replicatedJobs.find(({ name }) => name === process.argv[1]);
    const { command, env = [] } = job.template.spec.template.spec.containers[0];
    const words = process.argv[2] === "command" ? command : env.map(({ name, value }) => `${name}=${value}`);
    console.log(words.join("\n"));
  ' "$1" "$2"
}
mapfile -t students < <(says students command)
mapfile -t variables < <(says students env)
mapfile -t teachers < <(says teachers command)

brine() { node dist/src/cli/main.js "$@"; }
brine keys "$work/keys" >/dev/null
chown -R 0:1000 "$work/keys"
chmod 750 "$work/keys"
chmod 440 "$work"/keys/*
mkdir "$work/runs" "$work/models"
small=(--set "data.prepared=$work/runs/data" --set "batch.rows=8" --set "data.limit=1 MB")
# The small model of an earlier run.
brine train cluster/nano-slm.yaml --set "run=$work/runs/nano-slm" --set 'plan=[{ plain: 20 steps }]' --set roles.ranks=1 "${small[@]}" >/dev/null
chown -R 1000:1000 "$work/runs" "$work/models"

in_pod() { # NAME WORDS…
  local name="brine-$1-$suffix"
  shift
  exec ip netns exec "$name" setpriv --reuid 1000 --regid 1000 --groups 1000 env HOME=/tmp "$@"
}
at_keys() { # WORDS: replaces the template's folders by those of this check, and cuda by cpu
  words=()
  for word in "$@"; do
    case "$word" in
      /keys) word="$work/keys" ;;
      /models) word="$work/models" ;;
      cuda) word=cpu ;;
    esac
    words+=("$word")
  done
}
at_keys "${students[@]}"
more=(--set roles.device=cpu --set "run=$work/runs/salt" --set "teacher.checkpoint=$work/runs/nano-slm" --set "labels.folder=$work/runs/labels"
  --set "student.model=${STUDENT:-models/nano-llm}" --set 'plan=[{ distil: 20 steps }, { plain: 20 steps }]' "${small[@]}" --json)
for index in 0 1; do
  in_pod "students-0-$index" "${variables[@]}" "JOB_COMPLETION_INDEX=$index" "${words[@]}" "${more[@]}" \
    >"$work/student-$index.json" 2>"$work/student-$index.log" &
  pids+=($!)
done
at_keys "${teachers[@]}"
# Restarts a teacher that starts before the cache, as its restartPolicy does.
(until (in_pod teachers-0-0 "${words[@]}" --json >"$work/teacher.json" 2>>"$work/teacher.log"); do read -r -t 1 <> <(:) || true; done) &
pids+=($!)
metrics=
until [ -n "$metrics" ] || ! kill -0 "${pids[0]}" 2>/dev/null; do
  metrics="$( (in_pod scraper node -e 'fetch("http://brine-students-0-0.brine:9464/metrics").then((r) => r.text()).then((text) => console.log(/^brine_ranks .*/m.exec(text)[0]))') 2>/dev/null || true)"
  read -r -t 0.3 <> <(:) || true
done
wait "${pids[0]}" || { tail -n 20 "$work"/*.log; exit 1; }
wait "${pids[1]}" || { tail -n 20 "$work"/*.log; exit 1; }
node -e '
  const { steps, labels, parameterHashes } = JSON.parse(process.argv[1]);
  const equal = new Set(parameterHashes).size === 1 && parameterHashes.length === 2;
  const line = { check: "jobset", steps, labelledRows: labels.rowsUsed, parametersEqual: equal, metrics: process.argv[2] };
  console.log(JSON.stringify(line));
  process.exit(steps === 40 && equal && labels.rowsUsed > 0 && process.argv[2] !== "" ? 0 : 1);
' "$(tail -n 1 "$work/student-0.json")" "$metrics"
