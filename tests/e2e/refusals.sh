#!/usr/bin/env bash
# What an operator may meet on one machine, with real processes, each time with the message and the way on that deploy/RUNBOOK.md
# names: a state that was changed, a record that ends the process, a damaged disk, a state of another version's layout, and
# retention by bytes that comes near the checkpoints.
. "$(dirname "$0")/processes.sh"
planter=$(dirname "$ioc")/ioc_planter
[ -x "$planter" ] || { say "$planter is not there: cmake --build build/release --target ioc_planter" >&2; exit 4; }
rows=600
make_reports $rows >"$dir/made.csv"
standalone_data=$dir/data standalone_port=$(free_port)
state_folder=$standalone_data/triage
prepare_data "$standalone_data"
(umask 077 && "$ioc" token add supervisor --role supervisor --data "$standalone_data" --json | jq -r .token >"$standalone_data/supervisor.token")

says() { # FILE TEXT
  grep -qF -- "$2" "$1" || { tail -n 20 "$1"; fail "$(basename "$1") does not say: $2"; }
}
state() { # WORK: exit code in $code, what it says in $dir/out
  code=0
  "$ioc" state "$1" --data "$standalone_data" >"$dir/out" 2>&1 || code=$?
}
good() { # WORK
  state "$1"
  [ "$code" = 0 ] || { cat "$dir/out"; fail "ioc state $1 ended with exit code $code"; }
}
launch() { # without waiting: it may not become ready
  start standalone "$standalone_port" "$ioc" standalone --data "$standalone_data" --listen "127.0.0.1:$standalone_port"
}
call() { # METHOD PATH [BODY]
  curl -sS --max-time 10 -X "$1" -H "Authorization: Bearer $(cat "$standalone_data/replay.token")" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $test_name-$RANDOM$RANDOM" ${3:+-d "$3"} "${url_of[standalone]}$2" 2>>"$dir/calls.log" || true
}
works() { # NAME: a new report gets an incident
  local event
  event=$(call POST /v1/reports "{\"report_id\":\"$1\",\"text\":\"Nắp cống mất trước số nhà 12\",\"address\":\"Số 12, phường Quang Trung\"}" | jq -r .event_id)
  until_true 30 "the report $1 has an incident" has_incident "$event"
}
has_incident() { call GET "/v1/events/$1" | jq -e ".incident_id // empty" >/dev/null 2>&1; }

standalone
replay "$dir/made.csv" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" before
works R-first
stop standalone

say "a state that was changed"
good verify
changed=$("$planter" state-change "$state_folder" 0)
state verify
[ "$code" = 1 ] || fail "ioc state verify did not find the planted difference (exit code $code)"
says "$dir/out" "1 differences"
says "$dir/out" "$changed"
says "$dir/out" "ioc state restore --partition 0"
good restore
standalone
works R-restored
stop standalone
good verify

say "a record that ends the process at each attempt"
standalone
incident() { call GET "/v1/incidents/$1"; }
# Not the newest: later reports join those.
mapfile -t two < <(call GET '/v1/incidents?limit=50' | jq -r '.incidents[20:22][].id')
[ "${#two[@]}" = 2 ] || fail "there are no two incidents to merge"
merged() { [ "$(incident "${two[0]}" | jq -r .state)" = merged ]; }
merge() { call POST "/v1/incidents/${two[0]}/commands" "{\"kind\":\"merge\",\"into\":\"${two[1]}\",\"version\":$(incident "${two[0]}" | jq .version)}" >"$dir/merge.json"; merged; }
until_true 30 "one incident is merged into another" merge
version=$(incident "${two[1]}" | jq .version)
stop standalone
"$planter" state-forget "$state_folder" 0 "${two[0]}"
: >"$dir/standalone.log"
standalone
call POST "/v1/incidents/${two[1]}/commands" "{\"kind\":\"acknowledge\",\"version\":$version}" >/dev/null &
until_true 30 "the process ends by the record" not_running standalone
wait "${pid_of[standalone]}" && fail "it ended with exit code 0"
line=$(grep 'the process ends while it steps a record' "$dir/standalone.log" | tail -n 1)
offset=$(sed -n 's/.* offset=\([0-9]*\) .*/\1/p' <<<"$line")
[ -n "$offset" ] || { tail "$dir/standalone.log"; fail "the log does not name the record"; }
says "$dir/standalone.log" "ioc skip 0 $offset --reason TEXT"
for attempt in 1 2; do
  launch
  until_true 30 "attempt $attempt ends by the same record" not_running standalone
  [ "$(grep -c "steps a record partition=0 offset=$offset " "$dir/standalone.log")" = $((attempt + 1)) ] || { tail "$dir/standalone.log"; fail "attempt $attempt ended elsewhere"; }
done
"$ioc" skip 0 "$offset" --reason "ends the process" --data "$standalone_data" >"$dir/out" 2>&1 || { cat "$dir/out"; fail "ioc skip"; }
standalone
works R-after-skip
"$ioc" dead-letters list --ingest "${url_of[standalone]}" --token-file "$standalone_data/supervisor.token" --reason skipped_by_operator --json >"$dir/out" 2>&1 ||
  { cat "$dir/out"; fail "ioc dead-letters list"; }
says "$dir/out" skipped_by_operator
audited() { call GET "/v1/events/skipped-$offset" | jq -e '.. | strings | select(. == "skipped_by_operator")' >/dev/null 2>&1; }
until_true 10 "the audit trail has the skip" audited
stop standalone
# The checkpoint at the clean stop was made of the broken state: only the records say what is missing.
good rebuild
standalone
works R-skip-restored
stop standalone
good verify

say "a damaged disk"
find "$state_folder" -name '*.sst' -size +0 | while read -r file; do
  dd if=/dev/zero of="$file" bs=1 count=64 seek=16 conv=notrunc status=none
done
: >"$dir/standalone.log"
for _ in 1 2 3; do
  launch
  while kill -0 "${pid_of[standalone]}" 2>/dev/null && ! ready standalone; do sleep 0.1; done
  ! ready standalone || break
done
wait_ready standalone
says "$dir/standalone.log" "moved aside"
[ -d "$state_folder.broken" ] || fail "there is no folder triage.broken"
works R-after-damage
stop standalone
good verify

say "a state of another layout: with a checkpoint, and with the log alone"
"$planter" state-layout "$state_folder" 0 1
state verify
[ "$code" = 1 ] || fail "a state of another layout is taken for one of ours"
says "$dir/out" "ioc state restore or ioc state rebuild"
: >"$dir/standalone.log"
standalone
says "$dir/standalone.log" "of another layout"
works R-after-layout
stop standalone
good verify
"$planter" state-layout "$state_folder" 0 1
"$planter" checkpoints-forget "$standalone_data/log" 0
good rebuild
good verify
"$planter" state-layout "$state_folder" 0 1
standalone
works R-after-layout-again
stop standalone
good verify

say "retention by bytes comes near the checkpoints"
cat >"$dir/small.yaml" <<CONFIG
deployment:
  name: ioc
  bundle_folder: $root/deploy/config/bundle
  units_folder: $root/deploy/config/units
log:
  kind: embedded
  embedded:
    segment_bytes: 8192
    cleaning_interval: 100ms
triage:
  retention_bytes: 20000
CONFIG
standalone_data=$dir/small standalone_port=$(free_port)
prepare_data "$standalone_data"
: >"$dir/standalone.log"
standalone --config "$dir/small.yaml"
ratio() { curl -fsS --max-time 5 "${url_of[standalone]}/metrics" | sed -n 's/^ioc_triage_checkpoint_retention_ratio{partition="0"} //p'; }
alarm() { awk -v is="$(ratio)" 'BEGIN { exit !(is >= 0.5) }'; }
until_true 30 "the checkpoint after the activation is written" grep -q 'checkpoint written' "$dir/standalone.log"
for batch in 1 2 3 4 5; do
  for i in $(seq 200); do printf '{"report_id":"B-%d-%d","text":"Đèn đường tắt, lần %d","address":"Số %d, phường Quang Trung"}\n' $batch $i $i $i; done >"$dir/batch.ndjson"
  curl -fsS --max-time 30 -o /dev/null -H "Authorization: Bearer $(cat "$standalone_data/replay.token")" -H 'Content-Type: application/x-ndjson' \
    --data-binary "@$dir/batch.ndjson" "${url_of[standalone]}/v1/reports" || fail "batch $batch was not taken"
done
until_true 60 "the metric is above 0.5" alarm
until_true 10 "the log says it" grep -q 'retention is half-way to deleting records that the older checkpoint needs' "$dir/standalone.log"
says "$dir/standalone.log" "ioc state checkpoint"
stop standalone
say passed
