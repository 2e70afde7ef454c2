#!/usr/bin/env bash
# Measures the pages and the API of `caravan serve`: scripts/measure-http.sh [IDLE_SECONDS]
# Uses a home with 1,000 generated batches, a fake aiperf and a simulated LLM. Prints times and sizes; goals in brackets.
# Needs curl, python3 and target/caravan.jar (./mvnw -B package -DskipTests).
set -euo pipefail
idle=${1:-30}
here=$(cd "$(dirname "$0")/.." && pwd)
jar=$here/target/caravan.jar
[ -f "$jar" ] || { echo "no $jar; build it first: ./mvnw -B package -DskipTests" >&2; exit 2; }
. "$here/scripts/measuring.sh"
scratch=$(mktemp -d)
trap 'end_started; rm -rf "$scratch"' EXIT
cp "$jar" "$scratch/caravan.jar"
mkdir -p "$scratch/home/inbox" "$scratch/bin"
cp "$here/src/test/resources/dev/caravan/testing/fake-aiperf.sh" "$scratch/bin/aiperf"
chmod +x "$scratch/bin/aiperf"
read -r port llm < <(python3 -c 'import socket
s=[socket.socket() for _ in range(2)]
[x.bind(("127.0.0.1",0)) for x in s]
print(*[x.getsockname()[1] for x in s])')
export CARAVAN_AIPERF_COMMAND=$scratch/bin/aiperf CARAVAN_HTTP_PORT=$port CARAVAN_INBOX_SETTLE=0s
export CARAVAN_LOCKS_DIR=$scratch/locks CARAVAN_DISK_MIN_FREE=1MB
url=http://127.0.0.1:$port
java_run() { exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$scratch/caravan.jar" "$@"; }

config() { # name, values
  cat <<YAML
batch_name: $1
readiness: {preflight: false}
base_config: {model: fake-ok, url: "http://127.0.0.1:$llm", warmup_request_count: 1, benchmark_duration: 1, concurrency: 1}
sweeps: {concurrency: [$2]}
YAML
}
start() {
  (cd "$scratch/home" && exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xms64m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 -XX:-UsePerfData -jar "$scratch/caravan.jar" serve) 2> "$scratch/log" &
  daemon=$!
  started+=("$daemon")
  await 120 "the daemon" "$scratch/log" grep -qs Watching "$scratch/log"
}
fetch() { curl -sS --max-time 60 "$@"; }
is_finished() { # batch id
  fetch "$url/api/v1/batches/$1" | python3 -c 'import json,sys; sys.exit(not json.load(sys.stdin)["finished_at"])' 2>/dev/null
}
finished() { poll=0.3 await 600 "the end of batch $1" "$scratch/log" is_finished "$1"; }
submit() { fetch --data-binary @- "$url/api/v1/batches" | python3 -c 'import json,sys; print(json.load(sys.stdin)["id"])'; }

java_run simulate --port "$llm" > /dev/null 2>&1 &
started+=($!)
start
id=$(config first 1,2,4,8 | submit)
finished "$id"

# 1,000 copies of it, and a batch of 10,000 runs
python3 - "$scratch/home/aiperf_results" "$id" <<'PY'
import json, os, shutil, sys
base, first = sys.argv[1:]
source = f"{base}/{first}"
record, summary = (json.load(open(f"{source}/{f}.json")) for f in ("batch", "summary"))
def make_batch(id, runs=None):
    out = f"{base}/{id}"
    os.makedirs(out)
    json.dump(dict(record, id=id, **({"runs": runs, "sweeps": {"concurrency": runs}} if runs else {})), open(f"{out}/batch.json", "w"))
    json.dump(dict(summary, batch_id=id, **({"total": runs, "outcomes": dict(summary["outcomes"], succeeded=runs)} if runs else {})), open(f"{out}/summary.json", "w"))
    return out
for i in range(1000):
    out = make_batch(f"b{i % 20}/20260101_{i:06d}")
    for name in ("config.yaml", "results.csv"):
        shutil.copy(f"{source}/{name}", out)
out = make_batch("large/20260101_000000", 10000)
text = open(f"{source}/config.yaml").read().replace("[1,2,4,8]", "[%s]" % ",".join(map(str, range(1, 10001))))
open(f"{out}/config.yaml", "w").write(text)
head, row = open(f"{source}/results.csv").read().splitlines()[:2]
cells = row.split(",")
with open(f"{out}/results.csv", "w") as csv:
    csv.write(head + "\n")
    for i in range(10000):
        csv.write(",".join([str(i), f"concurrency{i + 1}", str(i + 1)] + cells[3:]) + "\n")
PY

# 30 batches of 100 runs to compare
id=$(submit <<YAML
batch_name: many
readiness: {preflight: false}
base_config: {model: fake-ok, url: "http://127.0.0.1:$llm", warmup_request_count: 1, benchmark_duration: 1, concurrency: 1, streaming: true}
points: [{isl: 100}, {isl: 1000}]
sweeps: {concurrency: [1, 2, 4, 8, 16, 32, 64, 128, 192, 256]}
repeat: 5
YAML
)
finished "$id"
python3 "$here/scripts/comparison-tree.py" "$scratch/home/aiperf_results/$id" "$scratch/home/aiperf_results"
thirty=$(cd "$scratch/home/aiperf_results"; for batch in {vllm,sglang,trt-llm,tgi,llama.cpp}-*/*; do printf '%s,' "${batch/\//%2F}"; done)

echo "first overview with 1,000 batches: $(fetch -o /dev/null -w '%{time_total}' "$url/") s [1 s]"
for path in /batches/large/20260101_000000 /data/batches/large/20260101_000000 /batches; do
  echo "$path: $(fetch -o /dev/null -w '%{time_total}' "$url$path") s, then $(fetch -o /dev/null -w '%{time_total}' "$url$path") s [1 s]"
done
for query in "api/v1/compare?batches=${thirty%,}" "fragments/compare?batches=${thirty%,}&base=${thirty%%,*}"; do
  echo "${query%%\?*} of 30 batches of 100 runs: $(fetch -o /dev/null -w '%{time_total}' "$url/$query") s, then $(fetch -o /dev/null -w '%{time_total}' "$url/$query") s [1 s]"
done
python3 - "$url" <<'PY'
import http.client, sys, time
host = sys.argv[1].split("//")[1]
connection = http.client.HTTPConnection(host, timeout=60)
times = []
for i in range(600):
    begin = time.perf_counter()
    connection.request("GET", "/")
    connection.getresponse().read()
    times.append(time.perf_counter() - begin)
    time.sleep(0.01)
times = sorted(times[100:])
print(f"overview with 1,000 batches, 500 times: median {1000 * times[250]:.1f} ms, p99 {1000 * times[494]:.1f} ms [100 ms]")
PY

# time from the timestamp of an event until a listening page has fetched the updated fragment
python3 - "$url" "$llm" <<'PY'
import datetime, http.client, json, sys, threading, time, urllib.request
url, llm = sys.argv[1:]
host = url.split("//")[1]
event_times, page_updates = {}, []
def events():
    with urllib.request.urlopen(url + "/api/v1/events") as stream:
        for line in stream:
            if line.startswith(b"data: {"):
                data = json.loads(line[6:])
                if data.get("type") == "dev.caravan.run.finished":
                    event_times[data["id"]] = datetime.datetime.fromisoformat(data["time"].replace("Z", "+00:00")).timestamp()
def page():
    connection = http.client.HTTPConnection(host, timeout=60)
    with urllib.request.urlopen(url + "/events") as stream:
        for line in stream:
            if line.startswith(b"event: changed"):
                connection.request("GET", "/fragments" + batch)
                text = connection.getresponse().read().decode()
                ended = text.split(" of ")[0].split(">")[-1]
                page_updates.append((int(ended) if ended.isdigit() else 0, time.time()))
yaml = f"""batch_name: events
readiness: {{preflight: false}}
base_config: {{model: fake-sleep-1, url: "http://127.0.0.1:{llm}", warmup_request_count: 1, benchmark_duration: 1, concurrency: 1}}
sweeps: {{concurrency: [1,2,3,4,5,6,7,8]}}
"""
threading.Thread(target=events, daemon=True).start()
time.sleep(0.5)
reply = json.load(urllib.request.urlopen(urllib.request.Request(url + "/api/v1/batches", data=yaml.encode()), timeout=60))
batch = "/batches/" + reply["id"]
threading.Thread(target=page, daemon=True).start()
deadline = time.time() + 60
while len(event_times) < 8 and time.time() < deadline:
    time.sleep(0.2)
time.sleep(1)
delays = []
if len(event_times) < 8:
    sys.exit(f"measure-http.sh: only {len(event_times)} of 8 events came within 60 s")
for number, event_time in enumerate(sorted(event_times.values()), 1):
    after = [at for ended, at in page_updates if ended >= number]
    if after:
        delays.append(max(0, min(after) - event_time))
if not delays:
    sys.exit("measure-http.sh: no page was updated")
print(f"event to page, {len(delays)} events: median {1000 * sorted(delays)[len(delays) // 2]:.0f} ms, max {1000 * max(delays):.0f} ms [500 ms]")
PY

# readers: time of 100 runs without and with 200 open event streams
run100() {
  local begin end id
  begin=$(date +%s%N)
  id=$(config "$1" "$(seq -s, 100)" | submit)
  finished "$id"
  end=$(date +%s%N)
  echo $(( (end - begin) / 1000000 ))
}
run100 warm > /dev/null
read_run() {
  readers=()
  for _ in $(seq 200); do curl -sN "$url/api/v1/events" > /dev/null & readers+=($!); done
  sleep 2
  run100 "$1"
  kill "${readers[@]}" 2>/dev/null || true
  wait "${readers[@]}" 2>/dev/null || true
}
for round in $(seq "${ROUNDS:-8}"); do # alternate the order
  if ((round % 2)); then alone=$(run100 "alone$round"); with=$(read_run "readers$round")
  else with=$(read_run "readers$round"); alone=$(run100 "alone$round"); fi
  echo "$alone $with" >> "$scratch/rounds"
done
"$here/scripts/paired.py" "ms for 100 runs of an aiperf that exits at once, with 200 event stream readers" < "$scratch/rounds"

# CPU while idle with one page open
curl -sN "$url/events" > /dev/null &
started+=($!)
sleep 3
ticks() { awk '{print $14 + $15}' "/proc/$daemon/stat"; }
before=$(ticks)
sleep "$idle"
after=$(ticks)
awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$idle" \
  'BEGIN { printf "idle for %d s with a page open: %.2f %% of a core [1 %%]\n", s, 100 * t / hz / s }'
echo "memory: $(( $(awk '/VmRSS/ {print $2}' "/proc/$daemon/status") / 1024 )) MB [250 MB], $(( $(awk '/^Pss:/ {print $2}' "/proc/$daemon/smaps_rollup") / 1024 )) MB proportional (Pss)"
