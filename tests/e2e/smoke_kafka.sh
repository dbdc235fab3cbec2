#!/usr/bin/env bash
# The same with three processes on a real broker: deploy/up --kafka.
. "$(dirname "$0")/processes.sh"
start_broker
"$root/deploy/up" --kafka --bootstrap "$bootstrap" --smoke --no-install --data "$dir/data" --listen "127.0.0.1:$(free_port)" \
  --ingest-listen "127.0.0.1:$(free_port)" --triage-listen "127.0.0.1:$(free_port)" >"$dir/up.log" 2>&1 || {
  cat "$dir/up.log"
  tail -n 20 "$dir"/data/logs/*.log
  fail "deploy/up --kafka --smoke"
}
say "$(grep 'smoke: passed' "$dir/up.log")"
if pgrep -f -- "--data $dir/data" >/dev/null; then fail "a process is left"; fi
say passed
