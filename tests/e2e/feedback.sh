#!/usr/bin/env bash
# What operators correct, join and take apart becomes data to learn from: `ioc model export-corrections` and `export-duplicates`
# on both logs, what is made of them, that a correction stands after kill -9, and the way back from it.
. "$(dirname "$0")/processes.sh"

url='' ingest_url='' token_file=''
ask() { curl -fsS --max-time 30 -H "Authorization: Bearer $(cat "$token_file")" "$url$1"; }
incident_of() { ask "/v1/events/$1" 2>/dev/null | jq -re '.incident_id // empty'; }
report() { # NAME MINUTES_AGO EAST TEXT: its event in $event
  local body
  body=$(jq -n --arg id "$1" --arg at "$(date -d "$2 minutes ago" +%Y-%m-%dT%H:%M:%S%:z)" --argjson lon "$3" --arg text "$4" \
    '{report_id: $id, occurred_at: $at, text: $text, position: {lat: 21.5942, lon: $lon}}')
  event=$(curl -fsS -H "Authorization: Bearer $(cat "$token_file")" -H 'Content-Type: application/json' -d "$body" "$ingest_url/v1/reports" | jq -r .event_id)
  until_true 30 "report $1 is on the desk" incident_of "$event" >/dev/null
  event_of[$1]=$event
}
decided() { # COMMAND: sets $status
  status=$(curl -sS -o "$dir/answer" -w '%{http_code}' -H "Authorization: Bearer $(cat "$token_file")" "$url/v1/commands/$1")
  [ "$status" != 202 ]
}
order() { # INCIDENT BODY [STATUS]: a command on the incident as it stands; the answer in $dir/answer
  local version status
  version=$(ask "/v1/incidents/$1" | jq .version)
  status=$(curl -sS -o "$dir/answer" -w '%{http_code}' -H "Authorization: Bearer $(cat "$token_file")" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $RANDOM$RANDOM" -d "$(jq -c --argjson version "$version" '. + {version: $version}' <<<"$2")" "$url/v1/incidents/$1/commands")
  [ "$status" != 202 ] || until_true 60 "the command is decided" decided "$(jq -r .command_id "$dir/answer")"
  [ "$status" = "${3:-200}" ] || { cat "$dir/answer"; fail "the command $2 was answered $status"; }
}

declare -A event_of=()
stands() { [ "$(ask "/v1/incidents/$waste" | jq -r '[.category, .model_category, .severity, .queue, .classified_by] | join(" ")')" = "trat-tu-do-thi $model_category info do-thi replay" ]; }
given_back() { [ "$(ask "/v1/incidents/$waste" | jq -r '[.category, .severity, .queue, .classified_by] | join(" ")')" = "$as_triage_chose" ]; }
labels() { sed -n "s/^$1,.*,\([01],[^,]*\)\$/\1/p" "$dir/operators.csv"; }
model() { # COMMAND…: its last line
  "$ioc" model "$@" 2>>"$dir/model.log" | tail -n 1
}
story() { # WHAT_KILLS_AND_RESTARTS
  local line cover far waste model_category as_triage_chose name
  report cover 9 105.8482 'Mất nắp cống trước cổng trường, rất nguy hiểm'
  report again 8 105.8482 'Nắp cống trước cổng trường bị mất, nguy hiểm quá'
  report other 7 105.8482 'Mất nắp cống trước cổng trường, gần cột điện'
  report far 6 105.9000 'Hố ga mất nắp, xe máy suýt ngã'
  report waste 5 105.9500 'Rác thải đổ trộm bốc mùi hôi thối cả khu'
  cover=$(incident_of "${event_of[cover]}") far=$(incident_of "${event_of[far]}") waste=$(incident_of "${event_of[waste]}")
  for name in again other; do [ "$(incident_of "${event_of[$name]}")" = "$cover" ] || fail "$name was not joined"; done
  [ "$far" != "$cover" ] || fail "what is far away was joined"

  say "an operator corrects, merges and splits"
  order "$waste" '{"kind":"reclassify","category":"magic"}' 422
  [ "$(jq -r .field "$dir/answer")" = category ] || fail "the refusal does not name the field"
  jq -r .detail "$dir/answer" | grep -q 'trat-tu-do-thi' || fail "the refusal does not say what is allowed"
  model_category=$(ask "/v1/incidents/$waste" | jq -r .category)
  as_triage_chose=$(ask "/v1/incidents/$waste" | jq -r '[.category, .severity, .queue, ""] | join(" ")')
  order "$waste" '{"kind":"reclassify","category":"trat-tu-do-thi","further_categories":["moi-truong"],"severity":"info","text":"hàng rong đổ rác"}'
  order "$cover" "{\"kind\":\"split\",\"events\":[\"${event_of[other]}\"]}"
  order "$far" "{\"kind\":\"merge\",\"into\":\"$cover\"}"
  "$1"
  stands || { ask "/v1/incidents/$waste"; fail "the correction did not stand"; }
  ask "/v1/incidents/$waste/decisions" | jq -e '.decisions | any(.kind == "classified" and .reason == "classified_by_operator" and .actor == "replay")' >/dev/null || fail "the history does not tell"

  say "corrections become texts to train with"
  line=$(model export-corrections --desk "$url" --token-file "$token_file" --out "$dir/corrections.csv" --json)
  [ "$(jq -c . <<<"$line")" = '{"incidents":4,"rows":1,"without_text":0}' ] || { cat "$dir/model.log"; fail "export-corrections: $line"; }
  cat >"$dir/expected.csv" <<CSV
id,text,category,further_categories,emergency,register
${event_of[waste]},"Rác thải đổ trộm bốc mùi hôi thối cả khu",trat-tu-do-thi,moi-truong,false,
CSV
  diff "$dir/expected.csv" "$dir/corrections.csv" || fail "the corrections are others"
  line=$(model export-corrections --desk "$url" --token-file "$token_file" --until 2000-01-01 --out "$dir/none.csv" --json)
  [ "$(jq .rows <<<"$line")" = 0 ] || fail "corrections of another time were exported"
  line=$(model train "$root/deploy/corpus/train" "$dir/corrections.csv" --per-category 20 --out "$dir/model.txt" --json)
  [ "$(jq '[.given, .times > 1] == [1, true]' <<<"$line")" = true ] || { cat "$dir/model.log"; fail "model train: $line"; }
  "$ioc" evaluate categories "$dir/corrections.csv" --json >"$dir/out" 2>>"$dir/model.log" || { cat "$dir/model.log"; fail "the corrections cannot be evaluated"; }

  say "an operator goes back to what triage chose"
  order "$waste" '{"kind":"reclassify","back_to_triage":true,"severity":"info"}' 422
  order "$waste" '{"kind":"reclassify","back_to_triage":true,"text":"sửa nhầm"}'
  given_back || { ask "/v1/incidents/$waste"; fail "triage's choice did not come back"; }
  ask "/v1/incidents/$waste/decisions" | jq -e '.decisions | any(.reason == "given_back_to_triage" and .actor == "replay")' >/dev/null || fail "the history does not tell of the way back"
  order "$waste" '{"kind":"reclassify","back_to_triage":true}' 422
  line=$(model export-corrections --desk "$url" --token-file "$token_file" --out "$dir/none.csv" --json)
  [ "$(jq .rows <<<"$line")" = 0 ] || fail "what was given back is still exported: $line"

  say "what is together and what was taken apart becomes labelled reports"
  line=$(model export-duplicates --desk "$url" --token-file "$token_file" --out "$dir/operators.csv" --json)
  [ "$(jq -c . <<<"$line")" = '{"incidents":4,"reports":5,"duplicates":2}' ] || { cat "$dir/model.log"; fail "export-duplicates: $line"; }
  for name in again far; do [ "$(labels "${event_of[$name]}")" = "1,${event_of[cover]}" ] || fail "$name: $(labels "${event_of[$name]}")"; done
  for name in cover other waste; do [ "$(labels "${event_of[$name]}")" = '0,' ] || fail "$name: $(labels "${event_of[$name]}")"; done
  model train-duplicates "$dir/operators.csv" --out "$dir/duplicates.yaml" >"$dir/out" || { cat "$dir/model.log"; fail "model train-duplicates"; }
  grep -q 'from 5 reports, 2 of them marked' "$dir/out" || { cat "$dir/out"; fail "it learned from others"; }
  rm -rf "$dir/bundle"
  cp -r "$root/deploy/config/bundle" "$dir/bundle"
  cp "$dir/duplicates.yaml" "$dir/bundle/duplicates.yaml"
  cp "$dir/model.txt" "$dir/bundle/category_model.txt"
  "$ioc" bundle build --check --bundle "$dir/bundle" >"$dir/out" 2>&1 || { cat "$dir/out"; fail "what was learned is no part of a bundle"; }
  [ "$("$ioc" model export-duplicates --desk "$url" --out "$dir/out" >/dev/null 2>&1; echo $?)" = 3 ] || fail "without a token it is not exit code 3"
}

say "the embedded log"
standalone_data=$dir/data standalone_port=$(free_port)
prepare_data "$standalone_data"
standalone
url=${url_of[standalone]} ingest_url=$url token_file=$standalone_data/replay.token
kill_standalone() { murder standalone; standalone; }
story kill_standalone
stop standalone

say "Kafka"
start_broker
kafka_data=$dir/kafka-data
prepare_data "$kafka_data"
kafka_processes
url=${url_of[desk]} ingest_url=${url_of[ingest]} token_file=$kafka_data/replay.token
kill_triage() { murder triage; kafka_process triage; wait_ready triage; }
story kill_triage
for name in ingest triage desk; do stop $name; done
say passed
