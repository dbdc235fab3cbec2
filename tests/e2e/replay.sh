#!/usr/bin/env bash
# One file through both logs: everything reconciles, and event ids, incident ids and totals are equal. Where the reference
# data is there, the months of a real city as well, on units made by `ioc units grid`.
. "$(dirname "$0")/processes.sh"

# both_logs FILE ROWS NAME [UNITS]
both_logs() {
  local file=$1 rows=$2 name=$3 units=${4:-} options=()
  kafka_config=$root/deploy/config/ioc-kafka.yaml
  if [ -n "$units" ]; then
    with_units "$root/deploy/config/ioc.yaml" "$units" "$dir/$name.yaml"
    with_units "$root/deploy/config/ioc-kafka.yaml" "$units" "$dir/$name-kafka.yaml"
    options=(--config "$dir/$name.yaml") kafka_config=$dir/$name-kafka.yaml
  fi
  standalone_data=$dir/$name-embedded standalone_port=$(free_port)
  prepare_data "$standalone_data"
  standalone "${options[@]}"
  replay "$file" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" "$name-embedded"
  check_replay "$name-embedded" "$rows"
  stop standalone

  start_broker
  kafka_data=$dir/$name-on-kafka
  prepare_data "$kafka_data"
  kafka_processes
  replay "$file" "${url_of[ingest]}" "${url_of[desk]}" "$kafka_data/replay.token" "$name-kafka"
  check_replay "$name-kafka" "$rows"
  stop ingest
  stop triage
  stop desk
  "$root/deploy/kafka/broker" stop --dir "$dir/kafka" >>"$dir/broker.log" 2>&1
  rm -rf "$dir/kafka"
  same_ids "$name-embedded" "$name-kafka"
  local key
  for key in sent accepted rejected incidents joined; do
    [ "$(number "$name-embedded" $key)" = "$(number "$name-kafka" $key)" ] || fail "$name: $key differs between the logs"
  done
  say "$name: equal on both logs"
}

make_reports 3000 >"$dir/made.csv"
both_logs "$dir/made.csv" 3000 made
if [ -n "${IOC_SHARED:-}" ]; then
  real=$IOC_SHARED/data/reports-311/boston_2011_jul_sep.csv.gz
  "$ioc" units grid "$real" --out "$dir/units" >"$dir/grid.log" 2>&1 || { cat "$dir/grid.log"; fail "ioc units grid"; }
  both_logs "$real" "$(($(zcat "$real" | wc -l) - 1))" boston "$dir/units"
else
  say "the real city's file is left out: ../shared is not here"
fi
say passed
