#!/usr/bin/env bash
# A new user's command on the embedded log: starts, shows incidents, stops with nothing left; a second start goes on.
. "$(dirname "$0")/processes.sh"
for turn in first second; do
  "$root/deploy/up" --smoke --no-install --data "$dir/data" --listen "127.0.0.1:$(free_port)" >"$dir/up-$turn.log" 2>&1 || {
    cat "$dir/up-$turn.log"
    cp -r "$dir/data/logs" "$root/build/tests/smoke-logs" 2>/dev/null || true
    fail "deploy/up --smoke, $turn start"
  }
  say "$turn start: $(grep 'smoke: passed' "$dir/up-$turn.log")"
  if pgrep -f -- "--data $dir/data" >/dev/null; then fail "a process is left after the $turn start"; fi
done
login=$dir/data/first-login.txt
[ -s "$login" ] || fail "the first start wrote no first-login.txt"
[ "$(stat -c %a "$login")" = 600 ] || fail "first-login.txt can be read by others"
say passed
