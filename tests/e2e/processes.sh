# Real processes for the end-to-end tests; sourced by them. Everything is on loopback ports of the system's choice, in a
# folder that is removed at the end, and waits for conditions with a deadline, never for a time.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ioc=$(realpath -m "${IOC:-$root/build/release/bin/ioc}")  # IOC=FILE: another executable
test_name=$(basename "$0" .sh)
dir=$(mktemp -d "${TMPDIR:-/tmp}/ioc-e2e-$test_name.XXXXXX")
kept=$root/build/tests/e2e-$test_name
declare -A pid_of=() url_of=()
brokers=()
[ -x "$ioc" ] || { echo "$test_name: $ioc is not there: build it with deploy/build" >&2; exit 4; }

say() { echo "$test_name: $*"; }
fail() {
  say "FAILED: $*"
  exit 1
}

clean_up() {
  local code=$? name
  for name in "${!pid_of[@]}"; do kill -KILL "${pid_of[$name]}" 2>/dev/null || true; done
  wait 2>/dev/null || true
  for name in "${brokers[@]}"; do "$root/deploy/kafka/broker" stop --dir "$name" --now >/dev/null 2>&1 || true; done
  if [ "$code" -ne 0 ]; then
    mkdir -p "$kept" && cp "$dir"/*.log "$kept/" 2>/dev/null && say "the processes' logs are in $kept"
  fi
  rm -rf "$dir"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 12000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
  done
}

# until_true SECONDS WHAT COMMAND…
until_true() {
  local limit=$1 what=$2 since=$SECONDS
  shift 2
  until "$@"; do
    [ $((SECONDS - since)) -lt "$limit" ] || fail "$what: not within $limit s"
    sleep 0.1
  done
}

# start NAME PORT COMMAND…: runs it and waits until it is ready. The same name again after `murder` restarts it.
start() {
  local name=$1 port=$2
  shift 2
  "$@" </dev/null >>"$dir/$name.log" 2>&1 &
  pid_of[$name]=$!
  url_of[$name]=http://127.0.0.1:$port
}
ready() { curl -fsS -o /dev/null --max-time 5 "${url_of[$1]}/readyz" 2>/dev/null; }
wait_ready() {
  local name=$1 since=$SECONDS
  until ready "$name"; do
    kill -0 "${pid_of[$name]}" 2>/dev/null || { tail -n 20 "$dir/$name.log"; fail "$name ended by itself"; }
    [ $((SECONDS - since)) -lt 90 ] || { tail -n 20 "$dir/$name.log"; fail "$name is not ready after 90 s"; }
    sleep 0.1
  done
}
murder() { # NAME: kill -9, as a power cut would
  kill -KILL "${pid_of[$1]}"
  wait "${pid_of[$1]}" 2>/dev/null || true
}
stop() { # NAME: orderly, with a deadline
  kill -TERM "${pid_of[$1]}"
  until_true 30 "$1 stops" not_running "$1"
  wait "${pid_of[$1]}" || fail "$1 ended with exit code $?"
  unset "pid_of[$1]"
}
not_running() { ! kill -0 "${pid_of[$1]}" 2>/dev/null; }

# One key for all deployments of the tests: ids of two runs can be compared.
prepare_data() { # DATA
  mkdir -p "$1"
  chmod 700 "$1"
  printf '%s\n' 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f >"$1/identity.key"
  chmod 600 "$1/identity.key"
  (umask 077 && "$ioc" token add replay --role source:citizen-reports --role operator --data "$1" --json | jq -r .token >"$1/replay.token")
}

standalone_port='' standalone_data=''
standalone() { # starts, or starts again
  start standalone "$standalone_port" "$ioc" standalone --data "$standalone_data" --listen "127.0.0.1:$standalone_port" "$@"
  wait_ready standalone
}

kafka_data='' bootstrap='' ingest_port='' triage_port='' desk_port=''
start_broker() {
  brokers+=("$dir/kafka")
  bootstrap=$("$root/deploy/kafka/broker" start --dir "$dir/kafka" --port 0 --controller-port 0 2>>"$dir/broker.log" | sed -n 's/^bootstrap=//p')
  [ -n "$bootstrap" ] || { cat "$dir/broker.log"; fail "the broker did not start"; }
}
kafka_process() { # NAME [OPTION…]: starts one of the three, or starts it again
  local name=$1 port
  shift
  case "$name" in ingest) port=$ingest_port ;; triage) port=$triage_port ;; desk) port=$desk_port ;; esac
  start "$name" "$port" "$ioc" "$name" --config "${kafka_config:-$root/deploy/config/ioc-kafka.yaml}" --bootstrap "$bootstrap" --data "$kafka_data" --listen "127.0.0.1:$port" "$@"
}
kafka_processes() {
  ingest_port=$(free_port) triage_port=$(free_port) desk_port=$(free_port)
  local name
  for name in triage ingest desk; do kafka_process "$name"; done
  for name in triage ingest desk; do wait_ready "$name"; done
}

# The configuration with other units than Thái Nguyên's.
with_units() { # CONFIG UNITS_FOLDER OUT
  awk -v units="$2" '{ print } /^deployment:/ { print "  units_folder: " units }' "$1" >"$3"
  grep -q '^  units_folder: ' "$3" || fail "$1 has no section deployment:"
}

# make_reports COUNT: a file in the format of ioc replay on standard output, always the same bytes. Every fourth tells of
# what an earlier one told, minutes later and metres away; texts hold commas, quotes and line ends.
make_reports() {
  awk -v count="$1" '
    function draw(bound) { state = (state * 16807) % 2147483647; return state % bound }
    BEGIN {
      state = 20211018
      split("ha-tang giao-thong moi-truong chieu-sang-dien cap-thoat-nuoc trat-tu-do-thi", categories, " ")
      split("Mặt đường có ổ gà|Xe đỗ chắn lối đi|Rác chất đống, bốc mùi|Đèn đường \"tắt\" cả tuần|Cống tắc\nnước tràn ra đường|Vỉa hè bị lấn chiếm", texts, "|")
      print "id,opened_at,closed_at,category,latitude,longitude,address,text,is_duplicate,duplicate_of"
      for (i = 1; i <= count; i++) {
        again = i > 8 && i % 4 == 0
        of = again ? i - 1 - draw(6) : i
        if (again && of in kind) { k = kind[of]; lat = lats[of] + draw(9) - 4; lon = lons[of] + draw(9) - 4; house = houses[of] }
        else { k = 1 + draw(6); lat = 2155000 + draw(8000); lon = 10581000 + draw(6000); house = 1 + draw(240) }
        kind[i] = k; lats[i] = lat; lons[i] = lon; houses[i] = house
        text = texts[k]; gsub(/"/, "\"\"", text)
        minute = int(i / 60); second = i % 60
        printf "G%06d,2021-10-%02dT%02d:%02d:%02d,,%s,%d.%05d,%d.%05d,\"Số %d, đường Quang Trung\",\"%s, lần %d\",%d,%s\n",
          i, 18 + int(minute / 1440), int(minute / 60) % 24, minute % 60, second, categories[k],
          int(lat / 100000), lat % 100000, int(lon / 100000), lon % 100000, house, text, i, again, again ? "G" sprintf("%06d", of) : ""
      }
    }'
}

# replay FILE INGEST_URL DESK_URL TOKEN_FILE NAME [OPTION…]: leaves NAME.json, NAME.ids.csv and NAME.log in $dir.
replay() {
  local file=$1 ingest=$2 desk=$3 token=$4 name=$5
  shift 5
  "$ioc" replay "$file" --to "$ingest" --desk "$desk" --token-file "$token" --ids "$dir/$name.ids.csv" --json "$@" >"$dir/$name.out" 2>"$dir/$name.log" || {
    tail -n 25 "$dir/$name.log"
    fail "the replay '$name' ended with exit code $?"
  }
  tail -n 1 "$dir/$name.out" >"$dir/$name.json"
  say "$name: $(cat "$dir/$name.json")"
}
number() { jq -r ".$2" "$dir/$1.json"; } # NAME KEY

# What every replay must show: all sent and accounted for, and some joined.
check_replay() { # NAME ROWS
  [ "$(number "$1" sent)" = "$2" ] || fail "$1: $(number "$1" sent) sent, the file has $2"
  [ "$(number "$1" unaccounted)" = 0 ] || fail "$1: $(number "$1" unaccounted) unaccounted for"
  [ "$(number "$1" joined)" -gt 0 ] || fail "$1: nothing was joined"
  [ "$(number "$1" accepted)" = $(($(wc -l <"$dir/$1.ids.csv") - 1)) ] || fail "$1: not every accepted report has a line of ids"
}
same_ids() { # NAME NAME
  cmp "$dir/$1.ids.csv" "$dir/$2.ids.csv" || { diff "$dir/$1.ids.csv" "$dir/$2.ids.csv" | head -n 10; fail "$1 and $2 have different event or incident ids"; }
}

# The newest incident that the desk shows; empty: none.
newest_incident() { # DESK_URL TOKEN_FILE
  curl -fsS --max-time 5 -H "Authorization: Bearer $(cat "$2")" "$1/v1/incidents?limit=1" 2>/dev/null | jq -r '.incidents[0].id // empty' 2>/dev/null || true
}
shows_another_incident() { # DESK_URL TOKEN_FILE ID
  local now
  now=$(newest_incident "$1" "$2")
  [ -n "$now" ] && [ "$now" != "$3" ]
}
