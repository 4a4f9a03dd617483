#!/usr/bin/env bash
# Several machines by SSH: the first host is the head. The repository lies, built, at the same path on all of them.
#
#     cluster/ssh.sh "head gpu1 gpu2" RECIPE --keys keys [more words of brine launch]
#
# Output comes with the host before each line. Ctrl-C ends all of them; the same command again goes on from the newest checkpoint. Ends with
# the exit code of the head.
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
  children+=($!) # of ssh, not of sed
done
wait "${children[0]}"
