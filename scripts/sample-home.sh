#!/usr/bin/env bash
# Fills a new home with sample nights, to look at pages or to make pictures of them: scripts/sample-home.sh HOME [NIGHTS]
# Measures three small batches of the simulated LLM with the real aiperf (about 3 minutes), then copies them to the
# nights before with numbers that scatter by 1 %. The copies are synthetic: their label "synthetic" says so. The last
# night of nightly-chat is 15 % slower, that of nightly-rag as usual with a failed run two nights before.
# Needs python3, an aiperf (caravan setup) and target/caravan.jar (./mvnw -B package -DskipTests), or CARAVAN=COMMAND.
set -euo pipefail
home=${1:?usage: scripts/sample-home.sh HOME [NIGHTS]}
nights=${2:-30}
here=$(cd "$(dirname "$0")/.." && pwd)
read -ra caravan <<< "${CARAVAN:-$here/caravan}"
[ ! -e "$home" ] || { echo "$home is there already" >&2; exit 2; }
mkdir -p "$home/inbox"
home=$(cd "$home" && pwd)
port=$(python3 -c 'import socket
s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"${caravan[@]}" simulate --port "$port" > /dev/null 2>&1 &
simulator=$!
trap 'kill "$simulator" 2>/dev/null || true' EXIT
until curl -s -o /dev/null "http://127.0.0.1:$port/v1/models"; do kill -0 "$simulator"; sleep 0.2; done

base="base_config: {model: simulated-model, tokenizer: builtin, url: \"http://127.0.0.1:$port\", streaming: true, concurrency: 1,
  warmup_request_count: 1, benchmark_duration: 3, random_seed: 1, prompt_input_tokens_mean: 100, prompt_output_tokens_mean: 20,
  aiperf_options: {extra_inputs: {ignore_eos: true}}}
labels: {synthetic: sample-home, gpus: \"1\"}"
run() {
  printf '%s\n' "$base" "$@" > "$home/config.yaml"
  (cd "$home" && "${caravan[@]}" run --config-file config.yaml > /dev/null 2>> run.log) || true
}
run "batch_name: nightly-chat" "repeat: 3" "sweeps: {concurrency: [1, 4, 8, 16]}" "slo: {ttft_ms_p50: 250, itl_ms_p50: 30}" "compare: {last: 5}"
run "batch_name: nightly-rag" "sweeps: {prompt_input_tokens_mean: [200, 800], concurrency: [1, 4, 8]}"
run "batch_name: smoke"
rm -f "$home/config.yaml" "$home/run.log"

python3 - "$home" "$nights" <<'PY'
import csv, datetime, json, os, random, shutil, sys
home, nights = sys.argv[1], int(sys.argv[2])
random.seed(16)
root = f"{home}/aiperf_results"
SPEED = {"_rps": 1, "_per_s": 1, "_per_s_per_user": 1, "_ms_p50": -1, "_ms_p90": -1, "_ms_p99": -1, "_ms_avg": -1}
EXPORT = {"request_throughput": 1, "output_token_throughput": 1, "output_token_throughput_per_user": 1,
          "time_to_first_token": -1, "inter_token_latency": -1, "request_latency": -1}
def power(column):
    column = column.removesuffix("_low").removesuffix("_high")
    return next((p for end, p in SPEED.items() if column.endswith(end)), 0)
def times(value, factor):
    return value * factor if isinstance(value, (int, float)) and not isinstance(value, bool) else value
def edit(path, change):
    data = json.load(open(path))
    change(data)
    json.dump(data, open(path, "w"), indent=2)
def copy(name, back, faster, broken):
    source = f"{root}/{name}/" + sources[name]
    measured = datetime.datetime.fromisoformat(json.load(open(f"{source}/batch.json"))["accepted_at"])
    shift = datetime.timedelta(days=back)
    at = (measured - shift).strftime("%Y%m%d_%H%M%S")
    out = f"{root}/{name}/{at}" if back else source
    if back:
        keep = shutil.ignore_patterns("profile_export*.jsonl", "inputs.json", "logs", "*.html", "*.parquet", "server_metrics*", "phases")
        shutil.copytree(source, out, ignore=keep)
    def moved(text):
        try: return (datetime.datetime.fromisoformat(text) - shift).isoformat()
        except (TypeError, ValueError): return text
    def stamps(data):
        for key, value in data.items():
            if key.endswith("_at"): data[key] = moved(value)
    def record(data):
        stamps(data)
        data.update(id=f"{name}/{at}", claim_id=f"{back:08x}")
        data["labels"]["commit"] = f"{random.getrandbits(28):07x}"
        data["overrides"] = [f"--label commit={data['labels']['commit']}"]
    edit(f"{out}/batch.json", record)
    speeds = {}
    rows = list(csv.reader(open(f"{out}/results.csv")))
    head = rows[0]
    for number, row in enumerate(rows[1:]):
        speed = speeds[row[1]] = faster * random.gauss(1, 0.01)
        for i, column in enumerate(head):
            if power(column) and row[i]: row[i] = f"{float(row[i]) * speed ** power(column):.6g}"
        row[head.index("started_at")] = moved(row[head.index("started_at")])
        if broken and number == len(rows) - 2:
            for i, column in enumerate(head):
                if power(column) or column in ("requests", "error_rate_pct", "osl_avg", "isl_avg"): row[i] = ""
            row[head.index("outcome")], row[head.index("cause")] = "failed", "crashed"
    csv.writer(open(f"{out}/results.csv", "w"), lineterminator="\n").writerows(rows)
    def summary(data):
        stamps(data)
        data["batch_id"] = f"{name}/{at}"
        data.pop("slo", None)  # it is that of the numbers before
        if broken:
            data["outcomes"]["succeeded"] -= 1
            data["outcomes"]["failed"] = data["outcomes"].get("failed", 0) + 1
            data["completed"], data["failed"] = data["completed"] - 1, data["failed"] + 1
    edit(f"{out}/summary.json", summary)
    for row in rows[1:]:
        folder = f"{out}/{row[1]}" if row[1] else out
        edit(f"{folder}/process_result.json", stamps)
        if broken and row is rows[-1]:
            edit(f"{folder}/process_result.json", lambda data: data.update(status="failed", cause="crashed", reasons=["planted by sample-home.sh"]))
            os.remove(f"{folder}/profile_export_aiperf.json")
            continue
        def export(data):
            for metric, way in EXPORT.items():
                for key in data.get(metric, {}):
                    if key != "unit": data[metric][key] = times(data[metric][key], speeds[row[1]] ** way)
        edit(f"{folder}/profile_export_aiperf.json", export)
    for stale in ("comparison.json", "report.html", "groups.csv"):
        if os.path.exists(f"{out}/{stale}"): os.remove(f"{out}/{stale}")
sources = {name: sorted(os.listdir(f"{root}/{name}"))[-1] for name in os.listdir(root)}
for name in sources:
    for back in range(nights if name != "smoke" else 3):
        slow = 0.85 if name == "nightly-chat" and back == 0 else 1
        if back: copy(name, back, slow * random.gauss(1, 0.01), name == "nightly-rag" and back == 2)
    copy(name, 0, 0.85 if name == "nightly-chat" else 1, False)
PY
for back in 2 1 0; do
  folder=$(find "$home/aiperf_results/nightly-chat" -mindepth 1 -maxdepth 1 | sort -r | sed -n "$((back + 1))p")
  (cd "$home" && "${caravan[@]}" compare --last 5 "nightly-chat~$back" --format json > compared.json 2>/dev/null) || true
  [ ! -s "$home/compared.json" ] || cp "$home/compared.json" "$folder/comparison.json"
done
rm -f "$home/compared.json"
echo "$home: $(find "$home/aiperf_results" -name batch.json | wc -l) batches; look at them with (cd $home && caravan serve)"
