#!/usr/bin/env bash
# Measures reports and lists: scripts/measure-reports.sh BATCH_DIR [BATCH_TO_COMPARE]
# BATCH_DIR is a batch of the real aiperf with the single sweep key concurrency. Its runs are copied to a batch of 1,000
# runs, and the batch itself to 1,000 batches. Prints times and sizes; goals in brackets.
set -euo pipefail
TIMEFORMAT='%R %U %S'
here=$(cd "$(dirname "$0")/.." && pwd)
batch=$(cd "${1:?usage: scripts/measure-reports.sh BATCH_DIR [BATCH_TO_COMPARE]}" && pwd)
jar=$here/target/caravan.jar
[ -f "$jar" ] || { echo "no $jar; build it first: ./mvnw -B package -DskipTests" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 - "$batch" "$scratch" <<'PY'
import json, os, shutil, sys, re
batch, scratch = sys.argv[1:]
runs = sorted(d for d in os.listdir(batch) if os.path.exists(f"{batch}/{d}/profile_export_aiperf.json"))
config = open(f"{batch}/config.yaml").read()
record = json.load(open(f"{batch}/batch.json"))

def many():
    out = f"{scratch}/home/aiperf_results/many/20260101_000000"
    os.makedirs(out)
    text = re.sub(r"(?ms)^sweeps:.*?(?=^\S|\Z)", "sweeps:\n  concurrency: [%s]\n" % ", ".join(map(str, range(1, 1001))), config)
    open(f"{out}/config.yaml", "w").write(re.sub(r"(?m)^batch_name:.*", "batch_name: many", text))
    json.dump(dict(record, id="many/20260101_000000", runs=1000, sweeps={"concurrency": 1000}), open(f"{out}/batch.json", "w"))
    for i in range(1, 1001):
        run = f"{out}/concurrency{i}"
        os.makedirs(run)
        for name in ("process_result.json", "run_metadata.json", "profile_export_aiperf.json", "profile_export.jsonl", "server_metrics_export.json"):
            source = f"{batch}/{runs[i % len(runs)]}/{name}"
            if os.path.exists(source):
                shutil.copy(source, run)

def batches():
    for i in range(1000):
        out = f"{scratch}/list/aiperf_results/b{i % 20}/202601{1 + i // 50:02d}_{i:06d}"
        os.makedirs(out)
        for name in ("config.yaml", "summary.json", "results.csv"):
            shutil.copy(f"{batch}/{name}", out)
        json.dump(dict(record, id="/".join(out.split("/")[-2:])), open(f"{out}/batch.json", "w"))

many(); batches()
os.makedirs(f"{scratch}/list/.caravan"); os.makedirs(f"{scratch}/home/.caravan")
PY

timed() { # label, goal, command...
  label=$1 goal=$2
  shift 2
  { time "$@" > "$scratch/out"; } 2> "$scratch/time"
  tail -1 "$scratch/time" | awk -v label="$label" -v goal="$goal" \
    '{ printf "%s: %.2f s wall, %.2f s CPU, including JVM startup%s\n", label, $1, $2 + $3, goal ? " [" goal "]" : "" }'
}
caravan() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" "$@"; }

timed "report of 1,000 runs" "2 s" caravan report --home "$scratch/home" "$scratch/home/aiperf_results/many/20260101_000000"
timed "the same again" "2 s" caravan report --home "$scratch/home" "$scratch/home/aiperf_results/many/20260101_000000"
echo "its size: $(( $(stat -c %s "$scratch/home/aiperf_results/many/20260101_000000/report.html") / 1000 )) kB [3,000 kB]"
timed "the same as Markdown" "" caravan report --home "$scratch/home" --format md many
echo "its size: $(wc -m < "$scratch/out") characters [60,000]"
timed "list of 1,000 batches, no cache" "" caravan list --home "$scratch/list"
timed "list of 1,000 batches, cached" "1 s" caravan list --home "$scratch/list"
echo "lines: $(wc -l < "$scratch/out")"

# with a batch for comparison-tree.py as the second argument: the report of 30 batches of 100 runs
if [ $# -gt 1 ]; then
  mkdir -p "$scratch/thirty/.caravan"
  python3 "$here/scripts/comparison-tree.py" "$(cd "$2" && pwd)" "$scratch/thirty/aiperf_results"
  mapfile -t thirty < <(cd "$scratch/thirty/aiperf_results" && ls -d ./*/* | cut -c3-)
  timed "report of 30 batches of 100 runs" "" caravan report --home "$scratch/thirty" "${thirty[@]}" --output "$scratch/thirty.html"
  echo "its size: $(( $(stat -c %s "$scratch/thirty.html") / 1000 )) kB [3,000 kB]"
fi
