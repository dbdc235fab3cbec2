#!/usr/bin/env bash
# promtool accepts the /metrics of each process: of the one on the embedded log, and of the three on Kafka.
. "$(dirname "$0")/processes.sh"
check_metrics() { # NAME
  curl -fsS "${url_of[$1]}/metrics" >"$dir/$1.metrics" || fail "$1 has no /metrics"
  promtool check metrics <"$dir/$1.metrics" >"$dir/$1.promtool" 2>&1 || { cat "$dir/$1.promtool"; fail "promtool refuses the metrics of $1"; }
  say "$1: $(grep -c '^# TYPE' "$dir/$1.metrics") metrics"
}
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
make_reports 200 >"$dir/made.csv"
replay "$dir/made.csv" "${url_of[standalone]}" "${url_of[standalone]}" "$standalone_data/replay.token" made
check_metrics standalone
stop standalone
start_broker
kafka_data=$dir/on-kafka
prepare_data "$kafka_data"
kafka_processes
replay "$dir/made.csv" "${url_of[ingest]}" "${url_of[desk]}" "$kafka_data/replay.token" made-kafka
for name in ingest triage desk; do check_metrics "$name"; done
for name in ingest triage desk; do stop "$name"; done
say passed
