#!/bin/sh
# Searches the capacity of a simulated LLM with the real aiperf: a service that answers N requests at once, and lets the
# rest wait, keeps a time to first token up to a concurrency of N.
#   scripts/search.sh [CAPACITY...]      (12 7 20 without arguments)
# Needs aiperf ("caravan setup") and jq, and about 5 minutes a capacity. Prints a line for each, and exits 1 if an answer
# is more than 5 % (or one connection) off.
set -eu
cd "$(dirname "$0")/.."
[ $# -gt 0 ] || set -- 12 7 20

home=$(mktemp -d)
simulator=''
finish() {
  [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
  rm -rf "$home"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Starts the simulated LLM with this capacity; sets $port.
simulate() {
  : >"$home/simulator.log"
  ./caravan simulate --port 0 --capacity "$1" --ttft 40ms --itl 40ms >"$home/simulator.log" 2>&1 &
  simulator=$!
  for _ in $(seq 150); do
    port=$(sed -n 's|^Simulated LLM on http://127.0.0.1:\([0-9]*\).*|\1|p' "$home/simulator.log")
    [ -z "$port" ] || return 0
    sleep 0.2
  done
  echo "the simulated LLM does not start:" >&2
  cat "$home/simulator.log" >&2
  exit 1
}

./caravan --version >/dev/null # builds the jar if it is missing or old
failed=0
printf '| capacity | found | runs | answer |\n|---|---|---|---|\n'
for capacity in "$@"; do
  simulate "$capacity"
  cat >"$home/c$capacity.yaml" <<EOF
batch_name: c$capacity
base_config: {model: simulated-model, tokenizer: builtin, url: "http://127.0.0.1:$port", streaming: true,
  warmup_request_count: 2, benchmark_duration: 6, prompt_input_tokens_mean: 20, prompt_output_tokens_mean: 32}
slo: {ttft_ms_p99: 600}
search: {concurrency: [1, 64]}
EOF
  (cd "$home" && "$OLDPWD/caravan" run "c$capacity.yaml" >"c$capacity.log" 2>&1) || true
  kill "$simulator"
  wait "$simulator" 2>/dev/null || true
  simulator=''
  summary=$(find "$home/aiperf_results/c$capacity" -name summary.json)
  keeps=$(jq '.search.answers[0].keeps // 0' "$summary")
  printf '| %s | %s | %s | %s |\n' "$capacity" "$keeps" "$(jq .total "$summary")" \
    "$(jq -r '.search.answers[0].text' "$summary")"
  jq -e -n --argjson n "$capacity" --argjson k "$keeps" '($n - $k | fabs) <= ([1, $n / 20] | max)' >/dev/null ||
    failed=1
done
exit "$failed"
