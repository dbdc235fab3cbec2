#!/usr/bin/env bash
# kill -9 of every process in the middle of a replay, and a restart: it still reconciles, with the ids of a run that
# nobody disturbed.
. "$(dirname "$0")/processes.sh"
rows=4000
make_reports $rows >"$dir/made.csv"

# The file's times are a second apart: at this speed the replay takes about twenty seconds.
replay_in_background() { # INGEST DESK TOKEN NAME
  (trap - EXIT; replay "$dir/made.csv" "$1" "$2" "$3" "$4" --speed 200) &
  replaying=$!
}
replay_ended_well() { wait "$replaying" || fail "the disturbed replay '$1' failed"; }
still_replaying() { kill -0 "$replaying" 2>/dev/null || fail "the replay ended before $1 was killed: it was too fast for this test"; }

# kill_and_restart NAME DESK_URL TOKEN: when the desk shows something newer than before
seen=''
kill_and_restart() {
  local name=$1 desk=$2 token=$3
  until_true 60 "a newer incident is shown before $name is killed" shows_another_incident "$desk" "$token" "$seen"
  seen=$(newest_incident "$desk" "$token")
  still_replaying "$name"
  murder "$name"
  say "killed $name at incident $seen"
  if [ "$name" = standalone ]; then standalone; else kafka_process "$name"; wait_ready "$name"; fi
  still_replaying "$name"
}

standalone_data=$dir/embedded standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
replay "$dir/made.csv" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" undisturbed
check_replay undisturbed $rows
stop standalone

standalone_data=$dir/killed standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
replay_in_background "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" killed
for _ in 1 2 3; do kill_and_restart standalone "${url_of[standalone]}" "$standalone_data/replay.token"; done
replay_ended_well killed
check_replay killed $rows
same_ids undisturbed killed
stop standalone

start_broker
kafka_data=$dir/on-kafka seen=''
prepare_data "$kafka_data"
kafka_processes
replay_in_background "${url_of[ingest]}" "${url_of[desk]}" "$kafka_data/replay.token" killed-kafka
for name in triage ingest desk triage; do kill_and_restart "$name" "${url_of[desk]}" "$kafka_data/replay.token"; done
replay_ended_well killed-kafka
check_replay killed-kafka $rows
same_ids undisturbed killed-kafka
for name in ingest triage desk; do stop "$name"; done
say passed
