#!/usr/bin/env bash
# What must not get in does not, nothing crashes, and a good report gets through afterwards.
. "$(dirname "$0")/processes.sh"
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
"$ioc" token add attacker --role source:citizen-reports --role source:camera-alerts --role source:checkpoint-passages \
  --role source:online-mentions --role source:indicators --data "$standalone_data" --json | jq -r .token >"$dir/attacker.token"
"$ioc" simulate --to "${url_of[standalone]}" --hostile --rounds 5 --token-file "$dir/attacker.token" --json >"$dir/hostile.json" 2>"$dir/hostile.log" || {
  cat "$dir/hostile.log"
  fail "hostile input was answered in an unexpected way: $(cat "$dir/hostile.json")"
}
say "$(cat "$dir/hostile.json")"
ready standalone || fail "it is not ready any more"
make_reports 50 >"$dir/made.csv"
replay "$dir/made.csv" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" after
check_replay after 50
stop standalone
say passed
