#!/usr/bin/env bash
# Topics with other settings than triage needs: it ends with exit code 3 and names each, nothing is written, and after the
# command of deploy/RUNBOOK.md (topic_settings) it works. On Kafka, and a changed number of areas on the embedded log.
. "$(dirname "$0")/processes.sh"
planter=$(dirname "$ioc")/ioc_planter
[ -x "$planter" ] || { say "$planter is not there: cmake --build build/release --target ioc_planter" >&2; exit 4; }
port=$(free_port)

config() { # NAME AREAS [LINE…]: of triage's section
  local name=$1 areas=$2
  shift 2
  {
    printf 'deployment:\n  name: ioc\n  bundle_folder: %s\n  units_folder: %s\n' "$root/deploy/config/bundle" "$root/deploy/config/units"
    [ "$areas" = 1 ] || printf '  areas:\n    - {id: thai-nguyen, partition: 0}\n    - {id: song-cong, partition: 1}\n'
    [ "$name" = embedded ] || printf 'log:\n  kind: kafka\n'
    [ $# = 0 ] || printf 'triage:\n'
    printf '  %s\n' "$@"
  } | sed '/^  $/d' >"$dir/$name.yaml"
}
triage() { # CONFIG
  start triage "$port" "$ioc" triage --config "$dir/$1.yaml" --bootstrap "$bootstrap" --data "$dir/triage" --listen "127.0.0.1:$port"
}
refused() { # WHAT MESSAGE…: the process that was started last ends with exit code 3 and says all of it
  local what=$1 code=0 message
  shift
  until_true 60 "$what: the process ends" not_running "$under_test"
  wait "${pid_of[$under_test]}" || code=$?
  [ "$code" = 3 ] || { tail -n 5 "$dir/$under_test.log"; fail "$what: exit code $code, not 3"; }
  for message in "$@"; do
    grep -qF -- "$message" "$dir/$under_test.log" || { tail -n 5 "$dir/$under_test.log"; fail "$what: it does not say: $message"; }
  done
  : >"$dir/$under_test.log"
  say "refused: $what"
}
works() {
  triage plain
  wait_ready triage
  stop triage
  : >"$dir/triage.log"
}
# What `kafka-configs` of a Kafka installation starts.
kafka_configs() { # TOPIC OPTION…
  local topic=$1
  shift
  java -cp "$root/build/kafka/$kafka_version/*" kafka.admin.ConfigCommand --bootstrap-server "$bootstrap" --entity-type topics \
    --entity-name "$topic" --alter "$@" >>"$dir/kafka-configs.log" 2>&1 || { tail -n 5 "$dir/kafka-configs.log"; fail "kafka-configs $topic $*"; }
}

config plain 1
config two 2
config short 1 'retention: 20h' 'checkpoint_every: 6h'
under_test=triage
start_broker
kafka_version=$(sed -n 's/^kafka: Kafka \([0-9.]*\) is up.*/\1/p' "$dir/broker.log")

"$planter" topic "$bootstrap" ioc ioc.decisions.v1 1 compacted >>"$dir/planter.log" 2>&1 || fail "the planted topic"
triage plain
refused "another cleanup policy" "topics exist with other settings" "ioc.decisions.v1: cleanup.policy is compact, wanted is delete" kafka-configs
kafka_configs ioc.decisions.v1 --add-config cleanup.policy=delete
works

kafka_configs ioc.events.v1 --add-config min.insync.replicas=2,unclean.leader.election.enable=true,message.timestamp.type=CreateTime
triage plain
refused "three settings at once" "ioc.events.v1: min.insync.replicas is 2, wanted is 1" \
  "ioc.events.v1: unclean.leader.election.enable is true, wanted is false" "ioc.events.v1: message.timestamp.type is CreateTime, wanted is LogAppendTime"
kafka_configs ioc.events.v1 --add-config min.insync.replicas=1,unclean.leader.election.enable=false,message.timestamp.type=LogAppendTime
works

triage two
refused "more areas than partitions" "ioc.events.v1: partitions is 1, wanted is 2" "ioc.decisions.v1: partitions is 1, wanted is 2"
works

triage short
refused "a retention shorter than four checkpoints" "triage.retention" "is shorter than four times triage.checkpoint_every" topic_settings
works

config embedded 1
sed '/^log:/d; /kind: kafka/d' "$dir/two.yaml" >"$dir/embedded-two.yaml"
under_test=standalone
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone --config "$dir/embedded.yaml"
stop standalone
: >"$dir/standalone.log"
start standalone "$standalone_port" "$ioc" standalone --config "$dir/embedded-two.yaml" --data "$standalone_data" --listen "127.0.0.1:$standalone_port"
refused "more areas than the embedded log has partitions" "topics of this log differ from what is asked for" "ioc.events.v1: has 1 partitions, asked for are 2" \
  "change the configuration back or start with a new data folder"
standalone --config "$dir/embedded.yaml"
stop standalone
say passed
