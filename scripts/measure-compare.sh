#!/usr/bin/env bash
# Measures comparisons: scripts/measure-compare.sh BATCH_DIR
# BATCH_DIR is a batch of the real aiperf. Its first run is copied to batches of 1,000 runs (200 points, 5 repeats), whose
# figures vary by 2 %. Prints times and verdicts; goals in brackets.
set -euo pipefail
TIMEFORMAT='%R %U %S'
here=$(cd "$(dirname "$0")/.." && pwd)
batch=$(cd "${1:?usage: scripts/measure-compare.sh BATCH_DIR}" && pwd)
jar=$here/target/caravan.jar
[ -f "$jar" ] || { echo "no $jar; build it first: ./mvnw -B package -DskipTests" >&2; exit 2; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 - "$batch" "$scratch" <<'PY'
import csv, json, math, os, random, shutil, sys
batch, scratch = sys.argv[1:]
record = json.load(open(f"{batch}/batch.json"))
table = list(csv.DictReader(open(f"{batch}/results.csv")))[0]
source = f"{batch}/{table['folder']}" if table["folder"] else batch
parameters = json.load(open(f"{source}/run_metadata.json"))["base_config"]
varied = [key for key in table if key.endswith(("_per_s", "_rps", "_p50", "_p90", "_p99", "_avg")) and not key.startswith(("isl", "osl"))]
columns = list(table)
place = columns.index("outcome")
keys = [key for key in columns[2:place]]
random.seed(15)

def make(timestamp, slower):
    out = f"{scratch}/home/aiperf_results/many/{timestamp}"
    os.makedirs(out)
    base = {key: value for key, value in parameters.items() if value is not None and key not in keys + ["concurrency"]}
    config = {"batch_name": "many", "base_config": dict(base, concurrency=1), "sweeps": {"concurrency": list(range(1, 201))}, "repeat": 5}
    json.dump(config, open(f"{out}/config.yaml", "w"))
    accepted = f"{timestamp[:4]}-{timestamp[4:6]}-{timestamp[6:8]}T00:00:00Z"
    json.dump(dict(record, id=f"many/{timestamp}", accepted_at=accepted, runs=1000, sweeps={"concurrency": 200}), open(f"{out}/batch.json", "w"))
    summary = json.load(open(f"{batch}/summary.json"))
    json.dump(dict(summary, batch_id=f"many/{timestamp}", total=1000, finished_at=accepted), open(f"{out}/summary.json", "w"))
    header = columns[:2] + ["concurrency"] + [c for c in columns[place:] if c not in ("variant", "point", "repeat")] + ["variant", "point", "repeat"]
    with open(f"{out}/results.csv", "w", newline="") as file:
        rows = csv.DictWriter(file, header, extrasaction="ignore", lineterminator="\n")
        rows.writeheader()
        for index in range(1000):
            repeat, cell = divmod(index, 200)
            cell = cell if repeat % 2 == 0 else 199 - cell
            name = f"concurrency{cell + 1}" + (f"__r{repeat + 1}" if repeat else "")
            row = dict(table, run_index=index, folder=name, concurrency=cell + 1, outcome="succeeded", cause="", checks="",
                       variant="", point=f"concurrency{cell + 1}", repeat=repeat + 1)
            for key in varied:
                if row[key]:
                    worse = slower if not key.endswith(("_per_s", "_rps")) else 1 / slower
                    row[key] = float(row[key]) * worse * math.exp(0.02 * random.gauss(0, 1))
            rows.writerow(row)
            os.makedirs(f"{out}/{name}")
            for file_name in ("process_result.json", "run_metadata.json", "environment.json", "profile_export_aiperf.json"):
                if os.path.exists(f"{source}/{file_name}"):
                    shutil.copy(f"{source}/{file_name}", f"{out}/{name}")

os.makedirs(f"{scratch}/home/.caravan")
make("20260101_000000", 1)
make("20260102_000000", 1)
make("20260103_000000", 1.1)
shutil.make_archive(f"{scratch}/artifact", "zip", f"{scratch}/home/aiperf_results/many/20260101_000000")
PY

timed() { # label, goal, command...
  label=$1 goal=$2
  shift 2
  { time "$@" > "$scratch/out" 2> "$scratch/err" || true; } 2> "$scratch/time"
  tail -1 "$scratch/time" | awk -v label="$label" -v goal="$goal" \
    '{ printf "%s: %.2f s wall, %.2f s CPU, including JVM startup%s\n", label, $1, $2 + $3, goal ? " [" goal "]" : "" }'
  echo "  $(tail -1 "$scratch/err")"
}
caravan() { java -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -jar "$jar" "$@" --home "$scratch/home"; }

echo "load before: $(cut -d' ' -f1-3 /proc/loadavg)"
timed "two batches of 1,000 runs" "2 s" caravan compare many/20260101_000000 many/20260102_000000
timed "the same again" "2 s" caravan compare many/20260101_000000 many/20260102_000000
timed "10 % worse" "2 s" caravan compare many/20260102_000000 many/20260103_000000
timed "the last two as base" "" caravan compare --last 2 many
timed "a zip archive as base" "" caravan compare "$scratch/artifact.zip" many/20260102_000000
timed "as Markdown" "" caravan compare many/20260101_000000 many/20260102_000000 --format md
echo "its size: $(wc -m < "$scratch/out") characters [60,000]"
