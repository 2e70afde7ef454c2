#!/bin/bash
# Wall time of RUNS runs on 8 targets with one hub and WORKERS workers on this machine, with a fake aiperf.
# Usage: scripts/measure-fleet.sh WORKERS RUNS [fake-ok|fake-sleep-5]     needs target/caravan.jar; RUNS is a multiple of 8
set -eu
workers=$1 runs=$2 model=${3:-fake-ok}
checkout=$(cd "$(dirname "$0")/.." && pwd)
jar=$checkout/target/caravan.jar
folder=$(mktemp -d)
pids=''
trap 'kill $pids 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
mkdir -p "$folder/hub/inbox" "$folder/bin"
cp "$checkout/src/test/resources/dev/caravan/testing/fake-aiperf.sh" "$folder/bin/aiperf"
chmod +x "$folder/bin/aiperf"
broker=tcp://127.0.0.1:${CARAVAN_MEASURE_PORT:-61716}

serve() { # home, arguments
  mkdir -p "$folder/$1"
  (
    cd "$folder/$1"
    CARAVAN_LOCKS_DIR=$folder/locks-$1 CARAVAN_AIPERF_COMMAND=$folder/bin/aiperf exec \
      java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" serve "${@:2}" 2>"$folder/$1.log"
  ) &
  pids="$pids $!"
}

until_says() { # home, text, how often
  until [ "$(grep -c "$2" "$folder/$1.log" 2>/dev/null || true)" = "$3" ]; do sleep 0.2; done
}

CARAVAN_BROKER_LISTEN=$broker CARAVAN_HTTP_PORT=0 serve hub --role hub --broker embedded
until_says hub 'Watching' 1
for n in $(seq "$workers"); do serve "w$n" --role worker --broker "$broker"; done
until_says hub ' joined' "$workers"
urls=$(for n in $(seq 8); do printf '"http://127.0.0.%s:9",' "$n"; done)
cat >"$folder/hub/inbox/.fleet" <<EOF
batch_name: fleet
base_config: {model: $model, url: "http://127.0.0.1:9", warmup_request_count: 2, benchmark_duration: 1, concurrency: 1}
sweeps: {url: [${urls%,}], concurrency: [$(seq -s, $((runs / 8)))]}
readiness: {preflight: false, endpoint: none}
EOF
touch -d '1 minute ago' "$folder/hub/inbox/.fleet"
begin=$(date +%s%N)
mv "$folder/hub/inbox/.fleet" "$folder/hub/inbox/fleet.yaml"
until_says hub 'Finished' 1
end=$(date +%s%N)
hub=${pids# }
echo "workers $workers, runs $runs of $model: $(((end - begin) / 1000000)) ms;" \
  "$(tr -d ' \n' <"$(echo "$folder"/hub/aiperf_results/fleet/*/summary.json)" | grep -o '"completed":[0-9]*');" \
  "hub $(ps -o rss= -p "${hub%% *}") KiB"
