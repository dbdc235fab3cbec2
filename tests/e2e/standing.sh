#!/usr/bin/env bash
# Standing up again by itself, with real processes: a clock that steps, a machine that boots in 2099, a lost key, damaged
# sessions, and a start that has to wait; each with what deploy/RUNBOOK.md says of it.
. "$(dirname "$0")/processes.sh"
clock=$(dirname "$ioc")/libioc_set_clock.so
[ -f "$clock" ] || { say "$clock is not there: cmake --build build/release --target ioc_set_clock" >&2; exit 4; }
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
export IOC_TEST_CLOCK=$dir/clock
set_clock() { # SECONDS ahead of the true time
  echo "$1" >"$IOC_TEST_CLOCK.new"
  mv "$IOC_TEST_CLOCK.new" "$IOC_TEST_CLOCK"
}
clocked() { # starts it under the clock that can be set
  start standalone "$standalone_port" env LD_PRELOAD="$clock" "$ioc" standalone --data "$standalone_data" --listen "127.0.0.1:$standalone_port"
  wait_ready standalone
}
readyz() { curl -sS --max-time 5 "${url_of[standalone]}/readyz" 2>/dev/null; }
readyz_says() { readyz | grep -qF -- "$1"; }
metric() { curl -sS --max-time 5 "${url_of[standalone]}/metrics" | awk -v name="$1" '$1 == name { print $2 }'; }
metric_is() { [ "$(metric "$1")" = "$2" ]; }
report() { # NAME: a new report gets an incident
  local event
  event=$(curl -sS --max-time 10 -H "Authorization: Bearer $(cat "$standalone_data/replay.token")" -H 'Content-Type: application/json' \
    -d "{\"report_id\":\"$1\",\"text\":\"Nắp cống mất trước số nhà $RANDOM\"}" "${url_of[standalone]}/v1/reports" | jq -r .event_id)
  until_true 50 "the report $1 has an incident" has_incident "$event"
}
has_incident() {
  curl -sS --max-time 5 -H "Authorization: Bearer $(cat "$standalone_data/replay.token")" "${url_of[standalone]}/v1/events/$1" >"$dir/event" 2>/dev/null &&
    jq -e '.incident_id // empty' "$dir/event" >/dev/null 2>&1
}
log_says() { grep -qF -- "$1" "$dir/standalone.log"; }
logged() { until_true 10 "the log says: $1" log_says "$1"; }  # the clock is looked at from time to time

say "a clock that is a day ahead for a moment"
set_clock 0
clocked
report R-1
set_clock 86400
until_true 10 "readiness tells of the step" readyz_says "the machine's clock is 86"
ready standalone || fail "it is not ready while the clock is ahead"
report R-2
set_clock 0
until_true 10 "the step is taken back" metric_is 'ioc_clock_steps_total{step="taken_back"}' 1
metric_is 'ioc_clock_steps_total{step="followed"}' 0 || fail "the step was followed"
report R-3
logged "the step ahead was not followed"

say "a clock that stays ahead, and is set right"
set_clock 86400
until_true 60 "the step is followed" metric_is 'ioc_clock_steps_total{step="followed"}' 1
report R-4
stop standalone
clocked
set_clock 0
until_true 60 "the step back is followed" metric_is 'ioc_clock_steps_total{step="set_back"}' 1
until_true 60 "it is ready" ready standalone
report R-5
logged "log time goes back"
stop standalone

say "a machine that boots in 2099"
set_clock 2300000000
clocked
until_true 10 "readiness tells of the clock" readyz_says "until the clock is set right"
report R-6
set_clock 0
until_true 60 "the clock counts again" metric_is ioc_clock_held_seconds 0
report R-7
stop standalone
"$ioc" log verify --data "$standalone_data" >"$dir/verify.log" 2>&1 || { cat "$dir/verify.log"; fail "the log is not whole"; }

say "a lost key"
mv "$standalone_data/identity.key" "$dir/key"
code=0
"$ioc" standalone --data "$standalone_data" --listen "127.0.0.1:$standalone_port" >"$dir/lost.log" 2>&1 || code=$?
[ "$code" = 3 ] || fail "it started without its key (exit code $code)"
grep -qF "ioc key import" "$dir/lost.log" || fail "it does not say how the key comes back"
"$ioc" key import "$dir/key" --data "$standalone_data" >/dev/null || fail "the key does not come back"

say "damaged sessions"
printf 'damage' >"$standalone_data/desk/sessions/CURRENT"
standalone
report R-8
logged "the sessions are damaged and thrown away"

say "a start that has to wait"
waiting_port=$(free_port)
start waiting "$waiting_port" "$ioc" standalone --data "$standalone_data" --listen "127.0.0.1:$waiting_port"
waiting_says() { curl -sS --max-time 5 "${url_of[waiting]}/$1" 2>/dev/null | grep -qF "another process holds it"; }
until_true 20 "health names what it waits for" waiting_says healthz
waiting_says readyz || fail "readiness does not name what it waits for"
curl -fsS -o /dev/null "${url_of[waiting]}/healthz" || fail "it is not healthy while it waits"
[ "$(curl -sS -o /dev/null -w '%{http_code}' "${url_of[waiting]}/v1/incidents")" = 503 ] || fail "other paths are not 503 while it waits"
kill -TERM "${pid_of[waiting]}"
until_true 11 "it stops while it waits" not_running waiting
unset "pid_of[waiting]"
stop standalone

say "a start without warnings"
: >"$dir/standalone.log"
standalone
stop standalone
grep -E ' (warn|error) ' "$dir/standalone.log" && fail "the normal start warns"
say "passed"
