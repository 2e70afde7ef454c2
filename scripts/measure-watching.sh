#!/usr/bin/env bash
# Measures whether watching a run on a terminal changes its figures: the same run of the real aiperf against the
# simulated LLM, with the live block (on a pseudo-terminal) and without, in turn, ROUNDS times each.
# Prints each run's figures, then mean and standard deviation of both. Needs a set-up aiperf; 25 s a round.
set -euo pipefail

rounds=${ROUNDS:-5}
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
for _ in $(seq "$rounds"); do
  (cd "$work/home" && TERM=xterm script -qec "stty cols 100; '$top/caravan' run --config-file with.yaml" /dev/null >"$work/said" </dev/null) || cat "$work/said"
  (cd "$work/home" && "$top/caravan" run --config-file without.yaml >"$work/said" 2>&1 </dev/null) || cat "$work/said"
done

python3 - "$work/home/aiperf_results" <<'PY'
import csv, glob, statistics, sys
for column in ("output_tokens_per_s", "ttft_ms_p50", "ttft_ms_p99", "itl_ms_avg"):
    for way in ("with", "without"):
        values = [float(next(csv.DictReader(open(f)))[column]) for f in sorted(glob.glob(f"{sys.argv[1]}/{way}/*/results.csv"))]
        print(f"{column:20} {way:8} mean {statistics.mean(values):8.2f}  sd {statistics.stdev(values):6.2f}  " + " ".join(f"{v:.1f}" for v in values))
PY
