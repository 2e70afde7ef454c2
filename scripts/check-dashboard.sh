#!/usr/bin/env bash
# Checks the alert rules and the Grafana dashboard with a real Prometheus: scripts/check-dashboard.sh
# Checks the rules with promtool. Then a daemon executes runs with several outcomes, Prometheus scrapes it, and every
# expression of the dashboard and the rules is evaluated: all must parse, and those of the dashboard must return data.
# About 40 seconds. Gives up when one of its steps takes longer than a minute, and says which.
# Needs prometheus and promtool (Debian: prometheus), curl, python3 and target/caravan.jar (./mvnw -B package -DskipTests).
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
jar=$here/target/caravan.jar
[ -f "$jar" ] || { echo "no $jar; build it first: ./mvnw -B package -DskipTests" >&2; exit 2; }
promtool check rules "$here/docs/grafana/alerts.yaml"
(cd "$here/docs/grafana" && promtool test rules alerts-test.yaml)

scratch=$(mktemp -d)
pids=()
finish() { # ends what this script started; what does not end within 10 s is killed
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in {1..50}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.2; done
    kill -9 "$pid" 2>/dev/null || true
  done
  wait 2>/dev/null || true
  rm -rf "$scratch"
}
trap finish EXIT
limit=60 # s
await() { # what is awaited, and the command that succeeds then
  local what=$1 end=$((SECONDS + limit))
  shift
  until "$@"; do
    if [ "$SECONDS" -ge "$end" ]; then
      echo "gave up after $limit s: $what" >&2
      tail -n 5 "$scratch"/*log >&2
      exit 1
    fi
    sleep 0.3
  done
}
mkdir -p "$scratch/home/inbox" "$scratch/bin"
cp "$jar" "$scratch/caravan.jar"
cp "$here/src/test/resources/dev/caravan/testing/fake-aiperf.sh" "$scratch/bin/aiperf"
chmod +x "$scratch/bin/aiperf"
read -r port llm prom < <(python3 -c 'import socket
s=[socket.socket() for _ in range(3)]
[x.bind(("127.0.0.1",0)) for x in s]
print(*[x.getsockname()[1] for x in s])')
export CARAVAN_AIPERF_COMMAND=$scratch/bin/aiperf CARAVAN_HTTP_PORT=$port CARAVAN_INBOX_SETTLE=0s
export CARAVAN_LOCKS_DIR=$scratch/locks CARAVAN_DISK_MIN_FREE=1MB
cat > "$scratch/prometheus.yml" <<YAML
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [$here/docs/grafana/alerts.yaml]
scrape_configs:
  - job_name: caravan
    metrics_path: /observe/metrics
    static_configs: [{targets: ["127.0.0.1:$port"]}]
YAML
java_run() { exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$scratch/caravan.jar" "$@"; }
java_run simulate --port "$llm" > /dev/null 2>&1 & pids+=($!)
(cd "$scratch/home" && exec java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$scratch/caravan.jar" serve) 2> "$scratch/log" & pids+=($!)
await "the daemon has not started" grep -qs Watching "$scratch/log"
prometheus --config.file="$scratch/prometheus.yml" --storage.tsdb.path="$scratch/tsdb" --web.listen-address="127.0.0.1:$prom" \
  > "$scratch/prometheus.log" 2>&1 & pids+=($!)
await "Prometheus has not started" curl -sf -m 5 -o /dev/null "http://127.0.0.1:$prom/-/ready"
prom() { curl -s -m 5 "http://127.0.0.1:$prom/api/v1/query" --data-urlencode "query=$1" | grep -q '"value":'; }
await "Prometheus has not read the daemon's metrics" prom 'sum(caravan_runs_total) == 0' # before anything happens

config() { # name, model
  cat <<YAML
batch_name: $1
readiness: {preflight: false}
retry: {attempts: 1}
base_config: {model: $2, url: "http://127.0.0.1:$llm", warmup_request_count: 1, benchmark_duration: 1, concurrency: 1}
sweeps: {concurrency: [1, 2, 3]}
YAML
}
for model in fake-ok fake-degraded fake-exit-3 fake-unauthorized; do
  config "of-$model" "$model" | curl -s -m 10 --data-binary @- "http://127.0.0.1:$port/api/v1/batches" > /dev/null
done
# (two of the last three runs fail with the same cause, so the third is not started)
echo "batch_name: [" > "$scratch/home/inbox/broken.yaml"
await "the 4 batches have not ended with 11 runs, or the broken config is not refused" \
  prom 'sum(caravan_runs_total) == 11 and sum(caravan_inbox_refused) == 1 and sum(caravan_batches_open) == 0'
sleep 3 # two samples of every metric

python3 - "$here/docs/grafana" "http://127.0.0.1:$prom" <<'PY'
import json, re, sys, urllib.parse, urllib.request
folder, url = sys.argv[1:]
def query_api(path, **query):
    try:
        return json.load(urllib.request.urlopen(f"{url}/api/v1/{path}?" + urllib.parse.urlencode(query), timeout=10))
    except urllib.error.HTTPError as e:
        return json.load(e)
bad = 0
def check(name, expr, needs_data):
    global bad
    answer = query_api("query", query=expr)
    series = answer.get("data", {}).get("result", [])
    values = [s["value"][1] for s in series]
    good = answer["status"] == "success" and (not needs_data or any(v != "NaN" for v in values))
    bad += not good
    labels = ["/".join(v for k, v in s["metric"].items() if k != "__name__") for s in series]
    shown = ", ".join(f"{l}={float(v):.4g}" if l else f"{float(v):.4g}" for l, v in zip(labels, values) if float(v) != 0 or len(values) == 1)
    print(f"{'ok  ' if good else 'BAD '} {name}: {shown or answer.get('error', 'no result, as expected' if not needs_data else 'NO DATA')}")
dashboard = json.load(open(f"{folder}/caravan.json"))
for panel in dashboard["panels"]:
    for target in panel["targets"]:
        check(f"{panel['title']} / {target['legendFormat'] or 'value'}", target["expr"].replace("$instance", ".*"), True)
instances = query_api("label/instance/values", **{"match[]": "caravan_healthy"})["data"]
print("variable instance:", instances)
bad += not instances
for rule in query_api("rules")["data"]["groups"][0]["rules"]:
    bad += rule["health"] != "ok"
    print(f"{'ok  ' if rule['health'] == 'ok' else 'BAD '} alert {rule['name']}: {rule['state']} {rule.get('lastError', '')}")
state = {r["name"]: r["state"] for r in query_api("rules")["data"]["groups"][0]["rules"]}
for name in ("CaravanRunsFail", "CaravanDeadLetters"): # six runs have just failed
    if state[name] != "firing":
        bad += 1
        print(f"BAD  {name} should fire")
print("all checks passed" if not bad else f"{bad} checks failed")
sys.exit(1 if bad else 0)
PY
