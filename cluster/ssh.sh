#!/usr/bin/env bash
# Runs a recipe on several machines by SSH. The first host is the head. All hosts need the built repository at the same path.
#
#     cluster/ssh.sh "head gpu1 gpu2" RECIPE --keys keys [more arguments of brine launch]
#
# Each output line starts with its host. Ctrl-C ends all machines; the same command resumes from the
# latest checkpoint. The exit code is that of the head.
set -euo pipefail
read -r -a hosts <<<"${1:?usage: cluster/ssh.sh \"HOST …\" RECIPE …}"
: "${2:?usage: cluster/ssh.sh \"HOST …\" RECIPE …}"
words=("$2" --resume=auto "${@:3}")
here="$(cd "$(dirname "$0")/.." && pwd)"
children=()
trap 'kill "${children[@]}" 2>/dev/null || true; wait' INT TERM EXIT
for rank in "${!hosts[@]}"; do
  host="${hosts[$rank]}"
  # -tt: when ssh ends, the terminal closes and the remote launcher ends with it.
  ssh -tt "$host" "cd $(printf %q "$here") && exec node dist/src/cli/main.js launch $(printf '%q ' "${words[@]}") \
    --nnodes ${#hosts[@]} --node-rank $rank --head ${hosts[0]#*@}:${MASTER_PORT:-29400}" </dev/null \
    > >(sed -u "s/^/[$host] /") 2>&1 &
  children+=($!) # the process id of ssh, not of sed
done
wait "${children[0]}"
