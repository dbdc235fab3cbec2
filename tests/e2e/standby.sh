#!/usr/bin/env bash
# Two triage processes share two areas on a real Kafka broker. One is killed (-9) in the middle of a replay: the other was a
# warm standby and takes over without rebuilding; the killed one comes back and gets a share again; one leaves in order. The
# replay reconciles all the while. With --json the takeover time is one line on standard output (bench/run).
. "$(dirname "$0")/processes.sh"
json=0
[ "${1:-}" != --json ] || { json=1; say() { echo "$test_name: $*" >&2; }; }
rows=6000 session_s=3
make_reports $rows >"$dir/made.csv"

cp -r "$root/deploy/config/bundle" "$dir/bundle"
cat >"$dir/bundle/areas.yaml" <<'AREAS'
areas:
  - {id: thai-nguyen, partition: 0}
  - {id: song-cong, partition: 1, units: ["05431", "05437", "05443", "05449", "05455", "05461", "05467", "05473", "05479", "05485"]}
AREAS
cat >"$dir/kafka.yaml" <<CONFIG
deployment:
  name: ioc
  bundle_folder: $dir/bundle
  areas:
    - {id: thai-nguyen, partition: 0}
    - {id: song-cong, partition: 1}
log:
  kind: kafka
  kafka:
    session_timeout: ${session_s}s
    transaction_timeout: ${session_s}s
CONFIG

triage_of() { # NAME: one of the two
  local name=$1 port
  mkdir -p "$dir/data-$name"
  port=$(free_port)
  start "$name" "$port" "$ioc" triage --config "$dir/kafka.yaml" --bootstrap "$bootstrap" --data "$dir/data-$name" --listen "127.0.0.1:$port"
}
metric() { # NAME METRIC PARTITION
  curl -fsS --max-time 5 "${url_of[$1]}/metrics" 2>/dev/null | sed -n "s/^$2{partition=\"$3\"} //p"
}
runs() { [ "$(metric "$1" ioc_triage_running "$2")" = 1 ]; }
runs_both() { runs "$1" 0 && runs "$1" 1; }
each_runs_one() { [ "$(($(metric one ioc_triage_running 0) + $(metric one ioc_triage_running 1)))" = 1 ] &&
  [ "$(($(metric two ioc_triage_running 0) + $(metric two ioc_triage_running 1)))" = 1 ]; }

start_broker
kafka_data=$dir/shared kafka_config=$dir/kafka.yaml
prepare_data "$kafka_data"
triage_of one
wait_ready one
ingest_port=$(free_port) desk_port=$(free_port)
for name in ingest desk; do kafka_process "$name"; done
for name in ingest desk; do wait_ready "$name"; done
triage_of two
wait_ready two
until_true 60 "a second process gets its share" each_runs_one
say "two processes share the partitions"

(trap - EXIT; replay "$dir/made.csv" "${url_of[ingest]}" "${url_of[desk]}" "$kafka_data/replay.token" shared --speed 150) &
replaying=$! pid_of[replaying]=$!
still_replaying() { kill -0 "$replaying" 2>/dev/null || fail "the replay ended before $1"; }
until_true 60 "an incident is shown" shows_another_incident "${url_of[desk]}" "$kafka_data/replay.token" ''
restored_before=$(($(metric two ioc_triage_restores_total 0) + $(metric two ioc_triage_restores_total 1)))
still_replaying "the owner was killed"
killed_at=$(date +%s%3N)
murder one
until_true 60 "the standby takes over" runs_both two
takeover_ms=$(($(date +%s%3N) - killed_at))
say "taken over in $takeover_ms ms, session timeout $session_s s"
grep -q 'taking over partition=[01] warm=true' "$dir/two.log" || fail "the standby was not warm when it took over"
restored_after=$(($(metric two ioc_triage_restores_total 0) + $(metric two ioc_triage_restores_total 1)))
[ "$restored_before" = "$restored_after" ] || fail "the standby rebuilt its state when it took over"

still_replaying "the killed process came back"
triage_of one
wait_ready one
until_true 60 "the process that came back gets its share" each_runs_one
still_replaying "a process left in order"
stop one
until_true 60 "the other goes on alone" runs_both two
wait "$replaying" || fail "the replay failed"
check_replay shared $rows

# The state that is left is what checkpoint and records say, and comes back from them.
stop two
for work in verify checkpoint restore verify rebuild verify; do
  "$ioc" state "$work" --config "$dir/kafka.yaml" --bootstrap "$bootstrap" --data "$dir/data-two" --json >"$dir/state.out" 2>"$dir/state.log" ||
    { cat "$dir/state.out" "$dir/state.log"; fail "ioc state $work ended with exit code $?"; }
  say "$(tail -n 1 "$dir/state.out")"
done
triage_of two
until_true 60 "it runs on the state that was rebuilt" runs_both two
for name in ingest desk two; do stop "$name"; done
if [ "$json" = 1 ]; then
  printf '{"name":"takeover by a warm standby, session timeout %s s","value":%s,"unit":"ms","goal":"<= %s"}\n' "$session_s" "$takeover_ms" "$(((session_s + 1) * 1000))"
fi
say passed
