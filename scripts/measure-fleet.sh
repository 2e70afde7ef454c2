#!/bin/bash
# Measures a hub with an embedded broker and WORKERS workers on this machine.
# Usage: scripts/measure-fleet.sh WORKERS RUNS [KIND]                       needs target/caravan.jar
#   KIND: behaviour of the fake aiperf (fake-ok, fake-sleep-5, fake-print-200mb), or real: the aiperf of `caravan
#         setup` for 5 s per run against the simulator, at most 3 runs at once. RUNS is a multiple of the targets.
#   WORKERS 0: executes nothing; measures the hub's memory for RUNS queued runs.
#   CARAVAN_MEASURE_TARGETS: number of targets (default: 8; 3 for real; 1 for a single run).
#   CARAVAN_MEASURE_BATCHES: number of batches (default: 1).
#   CARAVAN_MEASURE_JAVA_OPTS: options for every java; NAME in them is replaced by hub, w1, ...
#   CARAVAN_MEASURE_LIMIT: seconds that all runs may take (default: 3600); a start may take 120.
set -eu
usage="usage: scripts/measure-fleet.sh WORKERS RUNS [KIND]"
workers=${1:?$usage} runs=${2:?$usage} kind=${3:-fake-ok}
checkout=$(cd "$(dirname "$0")/.." && pwd)
jar=$checkout/target/caravan.jar
folder=$(mktemp -d)
. "$checkout/scripts/measuring.sh"
trap 'end_started; rm -rf "$folder"' EXIT
limit=${CARAVAN_MEASURE_LIMIT:-3600}
targets=8 seconds=1 model=$kind
[ "$kind" != real ] || targets=3 seconds=5 model=simulated-model
[ "$runs" != 1 ] || targets=1
targets=${CARAVAN_MEASURE_TARGETS:-$targets} batches=${CARAVAN_MEASURE_BATCHES:-1}
broker=tcp://127.0.0.1:${CARAVAN_MEASURE_PORT:-61716}
export CARAVAN_LOCKS_DIR=$folder/locks
if [ "$kind" = real ]; then
  export CARAVAN_HOST_PARALLEL=3
else
  mkdir "$folder/bin"
  cp "$checkout/src/test/resources/dev/caravan/testing/fake-aiperf.sh" "$folder/bin/aiperf"
  chmod +x "$folder/bin/aiperf"
  export CARAVAN_AIPERF_COMMAND=$folder/bin/aiperf CARAVAN_HOST_PARALLEL=$((workers + 1))
fi

start_java() { # name, arguments: java in a home of that name
  mkdir -p "$folder/$1"
  (
    cd "$folder/$1"
    opts=${CARAVAN_MEASURE_JAVA_OPTS:-}
    # shellcheck disable=SC2086 # options must be split
    exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${opts//NAME/$1} -jar "$jar" "${@:2}" \
      >"$folder/$1.out" 2>"$folder/$1.log"
  ) &
  started+=($!)
}

await_lines() { # name, text, count, seconds
  await "$4" "$3 lines with \"$2\" of $1" "$folder/$1.log" lines "$folder/$1.log" "$2" "$3"
}

cpu() { # pids: CPU seconds of these processes and their waited-for children
  for pid; do sed 's/.*) //' "/proc/$pid/stat"; done |
    awk -v hz="$(getconf CLK_TCK)" '{ used += $12 + $13 + $14 + $15 } END { printf "%.1f", used / hz }'
}

heap() { # pid: live heap in KiB
  timeout 60 jcmd "$1" GC.run >/dev/null
  timeout 60 jcmd "$1" GC.heap_info | sed -n 's/.*generation .* used \([0-9]*\)K.*/\1/p' | awk '{ used += $1 } END { print used }'
}

CARAVAN_BROKER_LISTEN=$broker CARAVAN_HTTP_PORT=0 start_java hub serve --role hub --broker embedded
hub=${started[0]}
await_lines hub Watching 1 120
urls=''
for n in $(seq "$targets"); do
  url=http://127.0.0.$n:9
  if [ "$kind" = real ]; then
    url=http://127.0.0.1:$((18100 + n))
    start_java "llm$n" simulate --port $((18100 + n))
  fi
  urls="$urls${urls:+,}\"$url\""
done
worker_pids=''
for n in $(seq "$workers"); do
  start_java "w$n" serve --role worker --broker "$broker"
  worker_pids="$worker_pids ${started[-1]}"
done
await_lines hub ' joined' "$workers" $((120 + 5 * workers))
# shellcheck disable=SC2086 # pids must be split
[ -z "$worker_pids" ] || before=$(cpu $worker_pids)
hub_before=$(cpu "$hub")
heap_before=$(heap "$hub")

cat >"$folder/fleet.yaml" <<YAML
batch_name: fleet
base_config:
  {model: $model, url: "http://127.0.0.1:9", tokenizer: builtin, streaming: true, warmup_request_count: 2,
   benchmark_duration: $seconds, concurrency: 1}
sweeps: {url: [$urls], concurrency: [$(seq -s, $((runs / targets / batches)))]}
YAML
[ "$kind" = real ] || echo 'readiness: {preflight: false, endpoint: none}' >>"$folder/fleet.yaml"
touch -d '1 minute ago' "$folder/fleet.yaml"
start=$(date +%s%N)
for n in $(seq 2 "$batches"); do
  sed "s/^batch_name: .*/batch_name: fleet$n/" "$folder/fleet.yaml" >"$folder/hub/inbox/.fleet$n"
  touch -r "$folder/fleet.yaml" "$folder/hub/inbox/.fleet$n"
  mv "$folder/hub/inbox/.fleet$n" "$folder/hub/inbox/fleet$n.yaml"
done
mv "$folder/fleet.yaml" "$folder/hub/inbox/fleet.yaml"

if [ "$workers" = 0 ]; then
  await_lines hub Accepted "$batches" "$limit"
  accepted=$(date +%s%N)
  sleep 5
  echo "$runs queued runs in $batches batches: accepted after $(((accepted - start) / 1000000)) ms;" \
    "live heap of the hub $heap_before KiB before, $(heap "$hub") KiB with them;" \
    "$(ps -o rss= -p "$hub") KiB resident, $(du -sk "$folder/hub" | cut -f1) KiB in its home"
  exit
fi
await_lines hub Finished "$batches" "$limit"
end=$(date +%s%N)
tree=$(echo "$folder"/hub/aiperf_results/fleet/*)
# shellcheck disable=SC2086 # pids must be split
awk -v workers="$workers" -v runs="$runs" -v kind="$kind" -v targets="$targets" -v ms=$(((end - start) / 1000000)) \
  -v hub="$(cpu "$hub")" -v hub_before="$hub_before" -v worker_cpu="$(cpu $worker_pids)" -v before="$before" 'BEGIN {
    printf "workers %d, runs %d of %s on %d targets: %d ms, %.1f runs/s; CPU of the hub %.1f s, of workers and aiperf %.1f s; ",
      workers, runs, kind, targets, ms, 1000 * runs / ms, hub - hub_before, worker_cpu - before }'
echo "$(tr -d ' \n' <"$tree/summary.json" | grep -o '"completed":[0-9]*');" \
  "live heap of the hub $(heap "$hub") KiB, $(ps -o rss= -p "$hub" | tr -d ' ') KiB resident"
if [ "$runs" = 1 ]; then # time from aiperf's exit until the result is in the tree
  ended=$(date -d "$(sed -n 's/.*"ended_at" : "\(.*\)".*/\1/p' "$tree"/*/process_result.json)" +%s%N)
  kib=$(du -sk "$tree" | cut -f1)
  echo "from aiperf's exit until the result was in the hub's tree: $kib KiB in $(((end - ended) / 1000000)) ms," \
    "$((kib * 1000 / 1024 / ((end - ended) / 1000000))) MiB/s"
fi
