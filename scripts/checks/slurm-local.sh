# A two-node Slurm on this machine (two slurmd), for the scripts that source this file. Needs root and Debian's slurmctld, slurmd,
# slurm-client and munge. Slurm's files are in a temporary folder; an installed cluster is not touched.
#
#     . scripts/checks/slurm-local.sh      # sets work (the folder) and pids, exports SLURM_CONF; Slurm stops when the script exits
#     start_slurm [PORT]            # PORT and the next two ports must be free
#     ended JOB                     # waits until the job is neither pending nor running

work="$(mktemp -d)"
chmod 755 "$work"
pids=()
end_slurm() {
  scancel --user root 2>/dev/null || true
  kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap end_slurm EXIT

pause() { read -r -t "$1" <> <(:) || true; }

start_slurm() {
  local host cpus port="${1:-26827}" name tries=0
  host="$(hostname -s)"
  cpus="$(nproc)"
  mkdir -p "$work"/{state,munge}
  dd if=/dev/urandom of="$work/munge/key" bs=1024 count=1 status=none
  chmod 400 "$work/munge/key"
  chmod 711 "$work/munge"
  munged --foreground --force --key-file="$work/munge/key" --socket="$work/munge/socket" --pid-file="$work/munge/pid" \
    --log-file="$work/munge/log" --seed-file="$work/munge/seed" --num-threads=2 >"$work/munge/out" 2>&1 &
  pids+=($!)
  cat >"$work/slurm.conf" <<CONF
ClusterName=check
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$work/munge/socket
StateSaveLocation=$work/state
SlurmdSpoolDir=$work/spool-%n
SlurmctldPidFile=$work/ctld.pid
SlurmdPidFile=$work/slurmd-%n.pid
SlurmctldLogFile=$work/ctld.log
SlurmdLogFile=$work/slurmd-%n.log
SlurmctldPort=$port
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
MpiDefault=none
JobRequeue=1
NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 1)) CPUs=$cpus
NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=$((port + 2)) CPUs=$cpus
PartitionName=all Nodes=ALL Default=YES MaxTime=30 State=UP
CONF
  export SLURM_CONF="$work/slurm.conf"
  until [ -S "$work/munge/socket" ]; do pause 0.1; done
  slurmctld -D -f "$SLURM_CONF" >"$work/ctld.out" 2>&1 &
  pids+=($!)
  for name in n1 n2; do
    mkdir -p "$work/spool-$name"
    slurmd -D -N "$name" -f "$SLURM_CONF" >"$work/$name.out" 2>&1 &
    pids+=($!)
  done
  until [ "$(sinfo -h -t idle -o %D 2>/dev/null || true)" = 2 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 150 ] || { sinfo -R || true; tail -n 20 "$work"/*.log "$work"/*.out; exit 1; }
    pause 0.2
  done
}

ended() {
  until [ -z "$(squeue -h -j "$1" -t PENDING,RUNNING,COMPLETING,REQUEUED,SUSPENDED 2>/dev/null)" ]; do pause 0.5; done
}
