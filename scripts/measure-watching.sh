#!/usr/bin/env bash
# Measures whether watching a run on a terminal changes its figures: the same run of the real aiperf against the
# simulated LLM, with the live block (on a pseudo-terminal) and without, in pairs whose order alternates, ROUNDS of them.
# Prints for each figure what the pairs allow to say (paired.py). Needs a set-up aiperf; 30 s a round.
set -euo pipefail

rounds=${ROUNDS:-16}
top=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d "${TMPDIR:-/tmp}/caravan-watching.XXXXXX")
port=${PORT:-18190}
"$top/caravan" simulate --port "$port" >"$work/simulator.log" 2>&1 &
simulator=$!
trap 'kill "$simulator" 2>/dev/null; rm -rf "$work"' EXIT
until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do sleep 0.2; done

mkdir "$work/home"
for way in with without; do
  cat >"$work/home/$way.yaml" <<YAML
batch_name: $way
base_config: {model: simulated-model, tokenizer: builtin, url: "http://127.0.0.1:$port", streaming: true,
  warmup_request_count: 8, benchmark_duration: 8, concurrency: 8, prompt_input_tokens_mean: 50, prompt_output_tokens_mean: 32}
YAML
done
watched() { (cd "$work/home" && TERM=xterm script -qec "stty cols 100; '$top/caravan' run --config-file with.yaml" /dev/null >"$work/said" </dev/null) || cat "$work/said"; }
alone() { (cd "$work/home" && "$top/caravan" run --config-file without.yaml >"$work/said" 2>&1 </dev/null) || cat "$work/said"; }
for round in $(seq "$rounds"); do
  if ((round % 2)); then watched; alone; else alone; watched; fi # what comes second is not always the same
done

python3 - "$work/home/aiperf_results" "$(dirname "$0")" <<'PY'
import csv, glob, sys
sys.path.insert(0, sys.argv[2])
import paired
def figures(way, column):
    return [float(next(csv.DictReader(open(f)))[column]) for f in sorted(glob.glob(f"{sys.argv[1]}/{way}/*/results.csv"))]
for column in ("output_tokens_per_s", "ttft_ms_p50", "ttft_ms_p99", "itl_ms_avg"):
    print(paired.verdict(column, list(zip(figures("without", column), figures("with", column)))))
PY
