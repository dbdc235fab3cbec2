#!/usr/bin/env bash
# `ioc state` and `ioc skip` on the embedded log with real processes: a state that is whole, one that was changed, a lost disk,
# and a record that is left out.
. "$(dirname "$0")/processes.sh"
rows=800
make_reports $rows >"$dir/made.csv"
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
replay "$dir/made.csv" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" before
check_replay before $rows
"$ioc" state verify --data "$standalone_data" >"$dir/out" 2>&1 && fail "the state of a running process was taken"
grep -qi 'stop' "$dir/out" || { cat "$dir/out"; fail "it does not say that the process must be stopped"; }
stop standalone

state() { # WORK: its JSON; exit code in $code
  code=0
  "$ioc" state "$1" --data "$standalone_data" --json >"$dir/out" 2>"$dir/state.log" || code=$?
  tail -n 1 "$dir/out"
}
good() { # WORK
  local line
  line=$(state "$1")
  [ "$(jq -r '.partitions[0].error // empty' <<<"$line")" = '' ] || { cat "$dir/state.log"; fail "ioc state $1: $line"; }
  say "$1: $line"
}
same() { # the state is what checkpoint and log say
  local line
  line=$(state verify)
  [ "$(jq -r '.partitions[0].differences' <<<"$line")" = 0 ] || { cat "$dir/state.log"; fail "ioc state verify: $line"; }
  [ "$(jq -r '.partitions[0].entries' <<<"$line")" -gt 100 ] || fail "ioc state verify compared too little: $line"
}
same
grep -q 'checkpoint written' "$dir/standalone.log" || fail "no checkpoint was written at the clean shutdown"
for work in checkpoint restore rebuild; do good $work; same; done

say "a disk that is lost comes back"
rm -rf "$standalone_data/triage"
standalone
"$ioc" replay "$dir/made.csv" --to "${url_of[standalone]}" --desk "${url_of[standalone]}" --token-file "$standalone_data/replay.token" \
  --ids "$dir/after.ids.csv" --json >"$dir/after.out" 2>"$dir/after.log" || { tail "$dir/after.log"; fail "the second replay"; }
cmp "$dir/before.ids.csv" "$dir/after.ids.csv" || fail "the same reports sent again have other incidents"
stop standalone
same

say "a record that is left out"
end=$(state verify | jq -r '.partitions[0].offset')
"$ioc" skip 0 0 --reason "too late" --data "$standalone_data" >"$dir/out" 2>&1 && fail "a record below the committed offset was skipped"
grep -q 'below the committed offset' "$dir/out" || { cat "$dir/out"; fail "the refusal does not say why"; }
"$ioc" skip 0 $((end + 1000000)) --reason "not there" --data "$standalone_data" >"$dir/out" 2>&1 && fail "a record that is not there was skipped"
"$ioc" skip 0 "$end" --data "$standalone_data" >"$dir/out" 2>&1 && fail "a skip without a reason was taken"
[ "$("$ioc" skip 0 0 --data "$dir/nowhere" --reason x >/dev/null 2>&1; echo $?)" = 4 ] || fail "a folder without a log is not exit code 4"
say passed
