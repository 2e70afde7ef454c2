#!/usr/bin/env bash
# Measures whether the live progress on a terminal affects the metrics of a run: ROUNDS pairs of the same run of the real
# aiperf against the simulated LLM, with live progress (on a pseudo-terminal) and without, in alternating order. Prints a
# verdict for each metric (paired.py). Needs `caravan setup`; takes 30 s per round.
set -euo pipefail

rounds=${ROUNDS:-16}
top=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/caravan-watching.XXXXXX")
port=${PORT:-18190}
"$top/caravan" simulate --port "$port" >"$work/simulator.log" 2>&1 &
simulator=$!
trap 'kill "$simulator" 2>/dev/null; rm -rf "$work"' EXIT
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
  kill -0 "$simulator" || { cat "$work/simulator.log" >&2; exit 1; }
  sleep 0.2
done

mkdir "$work/home"
for way in with without; do
  cat >"$work/home/$way.yaml" <<YAML
batch_name: $way
base_config: {model: simulated-model, tokenizer: builtin, url: "http://127.0.0.1:$port", streaming: true,
  warmup_request_count: 8, benchmark_duration: 8, concurrency: 8, prompt_input_tokens_mean: 50, prompt_output_tokens_mean: 32}
YAML
done
with_terminal() { (cd "$work/home" && TERM=xterm script -qec "stty cols 100; '$top/caravan' run --config-file with.yaml" /dev/null >"$work/output" </dev/null) || cat "$work/output"; }
without_terminal() { (cd "$work/home" && "$top/caravan" run --config-file without.yaml >"$work/output" 2>&1 </dev/null) || cat "$work/output"; }
for round in $(seq "$rounds"); do
  if ((round % 2)); then with_terminal; without_terminal; else without_terminal; with_terminal; fi # alternate the order
done

python3 - "$work/home/aiperf_results" "$(dirname "$0")" <<'PY'
import csv, glob, sys
sys.path.insert(0, sys.argv[2])
import paired
def metrics(way, column):
    return [float(next(csv.DictReader(open(f)))[column]) for f in sorted(glob.glob(f"{sys.argv[1]}/{way}/*/results.csv"))]
for column in ("output_tokens_per_s", "ttft_ms_p50", "ttft_ms_p99", "itl_ms_avg"):
    print(paired.verdict(column, list(zip(metrics("without", column), metrics("with", column)))))
PY
