#!/bin/sh
# Plants each fault that a check of docs/checks.md must find, with the real aiperf against the simulated LLM, beside a
# clean run of the same workload, and writes which were called out.
#   scripts/checks.sh [--clean N] [CASE...]
# --clean N: also N clean runs of the demo's config at each concurrency, which must be silent above notes.
# Needs aiperf ("caravan setup", or CARAVAN_AIPERF_COMMAND), jq, and about ten minutes. Writes target/checks.md, exits 1
# if a fault was not called out or a clean run was.
set -eu
cd "$(dirname "$0")/.."

clean=0
if [ "${1-}" = --clean ]; then
  clean=${2:?--clean needs a number}
  shift 2
fi
only=" $* "
home=$(mktemp -d)
simulator=''
trap '[ -z "$simulator" ] || kill "$simulator" 2>/dev/null; rm -rf "$home"' EXIT
mkdir -p target
table=target/checks.md
printf '| case | simulator | must find | found above notes | |\n|---|---|---|---|---|\n' >"$table"
wrong=0

# one NAME EXPECTED(level:id or silent) "SIMULATOR OPTIONS" "BASE CONFIG" "AIPERF OPTIONS": runs it and adds a line.
one() {
  name=$1
  case $only in '  ' | *" $name "*) ;; *) return 0 ;; esac
  # The option lists are words.
  # shellcheck disable=SC2086
  ./caravan simulate --port 0 $3 >"$home/simulator.log" 2>&1 &
  simulator=$!
  url=''
  while [ -z "$url" ]; do
    kill -0 "$simulator" || { cat "$home/simulator.log" >&2; exit 2; }
    sleep 0.2
    url=$(sed -n 's/.*\(http:[^ ]*\) .*/\1/p' "$home/simulator.log")
  done
  cat >"$home/config.yaml" <<END
batch_name: $name
base_config:
  model: simulated-model
  tokenizer: builtin
  url: $url
  streaming: true
  warmup_request_count: 2
  benchmark_duration: 4
  concurrency: 4
  random_seed: 1
  prompt_input_tokens_mean: 100
  prompt_output_tokens_mean: 32
  aiperf_options: {$5}
readiness: {preflight: false} # the times of the simulator begin with its first completion
END
  # A key of the case replaces that of the base.
  for line in $4; do
    sed -i "s/^  ${line%%=*}: .*/  ${line%%=*}: ${line#*=}/" "$home/config.yaml"
    grep -q "^  ${line%%=*}: " "$home/config.yaml" ||
      sed -i "s/^  aiperf_options/  ${line%%=*}: ${line#*=}\n&/" "$home/config.yaml"
  done
  ./caravan run --home "$home" --config-file "$home/config.yaml" >"$home/run.log" 2>&1 </dev/null || true
  kill "$simulator"
  wait "$simulator" 2>/dev/null || true
  simulator=''
  result=$(find "$home/aiperf_results/$name" -name process_result.json | sort | tail -1)
  found=$(jq -r '[.checks // [] | .[] | select(.level != "note") | .level + ":" + .id] | join(" ")' "$result")
  all=$(jq -r '[.checks // [] | .[] | .level + ":" + .id] | join(" ")' "$result")
  checked=$(jq -r '.checked | length' "$result")
  case $2 in
    silent) [ -z "$found" ] && [ "$checked" -gt 0 ] && ok=yes || ok=NO ;;
    *) case " $all " in *" $2 "*) ok=yes ;; *) ok=NO ;; esac ;;
  esac
  [ $ok = yes ] || wrong=$((wrong + 1))
  printf '| %s | `%s` | %s | %s | %s |\n' "$name" "$3" "$2" "${found:-none}" "$ok" | tee -a "$table"
}

bust='cache_bust: first_turn_prefix'
one clean silent "" "" "$bust"
one errors degraded:errors "--error-rate 0.2" "" "$bust"
one errors-most invalid:errors "--error-rate 0.7" "" "$bust"
one unanswered degraded:unanswered "--wedge-after 40 --ttft 10ms" "" "$bust, benchmark_grace_period: 1"
one lengths-long warning:lengths "--reply-tokens x10 --itl 1ms" "" "$bust"
one lengths-broken warning:lengths "--truncate 0.5" "" "$bust"
one replies invalid:replies "--refuse" "prompt_output_tokens_mean=100" "$bust"
one replies-equal warning:replies "--reply-tokens 9" "" "$bust"
one cache warning:cache "--prefix-cache --prefill 1ms/token --ttft 5ms" "" "num_dataset_entries: 10"
one cache-advice silent "--prefix-cache --prefill 1ms/token --ttft 5ms" "" "num_dataset_entries: 10, $bust"
one cache-unseen note:cache "" "" "num_dataset_entries: 10"
one load-rate degraded:load "--capacity 4" "request_rate=50" "$bust"
one load-rate-kept silent "" "request_rate=10 concurrency=8" "$bust"
one load invalid:load "--ttft 0s --itl 0s --capacity 400" "concurrency=256" "$bust"
one client degraded:client "--ttft 0s --itl 0s --capacity 200" "concurrency=128" "$bust"
one stall degraded:stall "--silence 4s@2s" "benchmark_duration=9" "$bust"
one stream warning:stream "--one-chunk" "" "$bust"
one tokens warning:tokens "--usage-factor 1.3" "tokenizer=o200k_base" "$bust"
one tokens-advice silent "--usage-factor 1.3" "tokenizer=o200k_base use_server_token_count=true prompt_output_tokens_mean=" "$bust"
one samples note:samples "" "" "$bust"
one burst note:burst "--serial-prefill --ttft 12ms --itl 25ms --capacity 64" "concurrency=24 benchmark_duration=12" "$bust"
one burst-advice silent "--serial-prefill --ttft 12ms --itl 25ms --capacity 64" "concurrency=24 benchmark_duration=12" \
  "$bust, concurrency_ramp_duration: 4"
one steady note:steady "--drift 50%" "benchmark_duration=10" "$bust"
one restart degraded:errors "--restart-at 2s" "" "$bust"
one alone warning:alone "--others 10" "" "$bust"
one replicas silent "--replicas 2" "" "$bust"
one shared-prompt silent "--prefix-cache --prefill 1ms/token --ttft 5ms" "" "shared_system_prompt_length: 60"
one short-replies silent "" "prompt_output_tokens_mean=1 concurrency=2" "$bust"
one natural-lengths silent "--output-tokens 40" "prompt_output_tokens_mean=" "$bust"
while [ "$clean" -gt 0 ]; do
  for concurrency in 1 4 8 16; do
    one "clean-$clean-$concurrency" silent "" "concurrency=$concurrency benchmark_duration=5" "$bust"
  done
  clean=$((clean - 1))
done
printf '%s not as expected; see %s\n' "$wrong" "$table"
[ "$wrong" = 0 ]
