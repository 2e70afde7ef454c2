#!/usr/bin/env bash
# Measures how much a daemon logs under each fault that lasts: one daemon a fault, side by side, each in its own home.
# Prints the bytes up to a minute after the start, which have the first mention, and the mean of the minutes after it.
# SHOW=1 also prints the first lines of the minutes after it.
# Needs what ./caravan needs, bash and python3, and setpriv when it runs as root, whom no permission stops.
set -euo pipefail

minutes=${MINUTES:-4}
top=$(cd "$(dirname "$0")/.." && pwd -P)
java=$(command -v "${JAVA_HOME:+$JAVA_HOME/bin/}java") || { echo "there is no java in JAVA_HOME or PATH" >&2; exit 2; }
work=$(mktemp -d "${TMPDIR:-/tmp}/caravan-measure-log.XXXXXX")
daemons=()

finish() {
  for pid in "${daemons[@]}"; do
    kill "$pid" 2>/dev/null || true
  done
  wait
  chmod -R u+rwx "$work"
  rm -rf "$work"
}
trap finish EXIT

"$top/caravan" --version >/dev/null # builds the jar if it is missing or old
cp "$top/target/caravan.jar" "$work/caravan.jar"

as_user=()
if [ "$(id -u)" -eq 0 ]; then
  as_user=(setpriv --reuid=65534 --regid=65534 --clear-groups)
fi

cat >"$work/aiperf" <<'STUB'
#!/bin/sh
[ "$1" = --version ] && echo 0.13.0 && exit
exec sleep 1000
STUB
chmod 755 "$work" "$work/aiperf"

config() { # url
  printf '%s\n' base_config: '  model: m' "  url: $1" '  warmup_request_count: 1' '  benchmark_duration: 1' \
    '  concurrency: 1'
}

port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

home() { # fault
  mkdir -p "$work/$1/inbox" "$work/$1/.caravan"
}

start() { # fault [NAME=value…]
  local fault=$1
  shift
  [ ${#as_user[@]} -eq 0 ] || chown -R 65534:65534 "$work/$fault"
  : >"$work/$fault.log"
  env "$@" HOME="$work/$fault" CARAVAN_HTTP_PORT="$(port)" CARAVAN_AIPERF_COMMAND="$work/aiperf" \
    CARAVAN_AIPERF_KEY_PASSING=environment CARAVAN_LOCKS_DIR="$work/$fault/locks" \
    "${as_user[@]}" "$java" -XX:TieredStopAtLevel=1 -Xmx200m -jar "$work/caravan.jar" serve --home "$work/$fault" \
    </dev/null >/dev/null 2>"$work/$fault.log" &
  daemons+=($!)
}

# What each daemon finds when it starts.
for fault in none unclaimable read-only remade long-name fifo unreadable-batch control-json broker webhook target; do
  home "$fault"
done
name=$(printf 'x%.0s' $(seq 250)).yaml
config http://127.0.0.1:9 >"$work/long-name/inbox/$name"
mkfifo "$work/fifo/inbox/fifo.yaml"
batch=$work/unreadable-batch/aiperf_results/b/20260101_000000
mkdir -p "$batch" "$work/unreadable-batch/.caravan/open"
echo '{' >"$batch/batch.json"
printf '{' >"$work/unreadable-batch/.caravan/open/0.json"
printf 'garbage' >"$work/control-json/.caravan/control.json"
config http://127.0.0.1:9 >"$work/target/inbox/a.yaml"
config http://127.0.0.1:9 >"$work/webhook/inbox/a.yaml"

for fault in none unclaimable read-only remade long-name fifo unreadable-batch control-json target; do
  start "$fault"
done
start webhook CARAVAN_EVENTS_WEBHOOK=http://127.0.0.1:9/hook
start broker CARAVAN_BROKER=tcp://127.0.0.1:9 CARAVAN_ROLE=both

# On a busy machine a start takes longer than the first minute.
for _ in $(seq 240); do
  silent=$(find "$work" -maxdepth 1 -name '*.log' -empty)
  [ -n "$silent" ] || break
  sleep 0.5
done
[ -z "$silent" ] || { echo "these daemons do not start:" $silent >&2; exit 1; }
sleep 15
# What happens to daemons that run.
rmdir "$work/unclaimable/inbox/.claimed" 2>/dev/null || true
touch "$work/unclaimable/inbox/.claimed"
config http://127.0.0.1:9 >"$work/read-only/inbox/a.yaml"
config http://127.0.0.1:9 >"$work/unclaimable/inbox/b.yaml"
chmod 555 "$work/read-only/inbox"

remake() { # for the rest of the time
  local end=$((SECONDS + minutes * 60))
  while [ "$SECONDS" -lt "$end" ]; do
    rm -rf "$work/remade/inbox"
    sleep 5
    mkdir "$work/remade/inbox" 2>/dev/null && chmod 777 "$work/remade/inbox"
    sleep 5
  done
}
remake &
daemons+=($!)

sleep 45
for log in "$work"/*.log; do
  stat -c %s "$log" >"$log.first"
done
sleep $(((minutes - 1) * 60))
printf '%-18s %12s %14s\n' fault 'first minute' 'each one after'
for log in "$work"/*.log; do
  first=$(cat "$log.first")
  now=$(stat -c %s "$log")
  printf '%-18s %12s %14s\n' "$(basename "$log" .log)" "$first" $(((now - first) / (minutes - 1)))
  [ -z "${SHOW:-}" ] || tail -c +"$((first + 1))" "$log" | cut -c1-300 | sed -n 1,5p
done
