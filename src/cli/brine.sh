#!/bin/sh
# The command brine. Node resets an ignored SIGHUP (nohup) when it starts, so check for it here and set BRINE_NOHUP.
if [ -z "${BRINE_NOHUP+said}" ] && [ -r "/proc/$$/status" ]; then
  while read -r key value; do
    case "$key$value" in SigIgn:*[13579bdf]) BRINE_NOHUP=1 && export BRINE_NOHUP ;; esac
  done < "/proc/$$/status"
fi
exec node "$(dirname -- "$(readlink -f -- "$0")")/main.js" "$@"
