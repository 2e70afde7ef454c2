#!/bin/sh
# A fake aiperf for tests: see FakeAiperf. Built-ins only wherever it matters, so that it is fast.

clock() { printf '19:25:33.947 %-8s %s\n' "$1" "$2"; }

starting() {
  clock INFO 'Starting AIPerf System (_single_run.py:81)'
  mkdir -p "$dir/logs"
  printf '2026-11-24 19:25:33,947 - aiperf - INFO - Starting AIPerf System\n' > "$dir/logs/aiperf.log"
}

warming_up() {
  clock NOTICE 'Phase warmup (warmup) started | phase_index=0 | target: 20 requests (runner.py:660)'
  clock INFO 'AIPerf System is PROFILING (system_controller.py:548)'
}

# Both lines at once: a limit on a phase may pass between two.
profiling() {
  clock NOTICE 'Phase profiling (profiling) started | phase_index=0 | profiling_index=0 (runner.py:660)
19:25:33.947 INFO     AIPerf System is PROFILING (system_controller.py:548)'
}

# tag, unit, average: one block with full statistics
block() {
  printf '  "%s": {"unit": "%s", "avg": %s.5, "p1": %s.0, "p5": %s.1, "p10": %s.2, "p25": %s.3, ' \
    "$1" "$2" "$3" "$3" "$3" "$3" "$3"
  printf '"p50": %s.4, "p75": %s.6, "p90": %s.7, "p95": %s.8, "p99": %s.9, ' "$3" "$3" "$3" "$3" "$3"
  printf '"min": %s.0, "max": %s.9, "std": 0.25, "count": %s, "sum": %s.0},\n' \
    "$3" "$3" "$valid" "$(($3 * valid))"
}

# tag, unit, value: one block with nothing but the average
single() { printf '  "%s": {"unit": "%s", "avg": %s},\n' "$1" "$2" "$3"; }

summary() {
  printf '{\n  "schema_version": "1.4",\n  "aiperf_version": "0.13.0",\n  "benchmark_id": "fa4e00000000",\n'
  single request_throughput requests/sec "$((valid / duration)).0"
  block request_latency ms $((240 + 10 * concurrency))
  single request_count requests "$valid.0"
  block time_to_first_token ms $((40 + 2 * concurrency))
  block inter_token_latency ms $((8 + concurrency / 4))
  single output_token_throughput tokens/sec "$((20 * valid / duration)).0"
  block output_token_throughput_per_user tokens/sec/user $((120 - concurrency))
  block output_sequence_length tokens 20
  block input_sequence_length tokens 100
  single benchmark_duration sec "$duration.02"
  single total_isl tokens "$((100 * valid)).0"
  single total_osl tokens "$((20 * valid)).0"
  single completed_request_count requests "$((valid + failed)).0"
  single request_error_rate % "$((100 * failed / (valid + failed))).0"
  if [ "$failed" -gt 0 ]; then single error_request_count requests "$failed.0"; fi
  printf '  "effective_concurrency": {"unit": "requests", "avg": %s.0, "p50": %s.0, "max": %s.0},\n' \
    "$concurrency" "$concurrency" "$concurrency"
  printf '  "input_config": {"models": {"items": [{"name": "%s"}]}},\n' "$model"
  printf '  "was_cancelled": %s,\n  "is_complete": %s,\n' "$cancelled" "$complete"
  printf '  "error_summary": [%s],\n' "$errors"
  printf '  "start_time": "2026-11-24T19:25:37.004520",\n  "end_time": "2026-11-24T19:25:40.084661"\n}\n'
}

csv() {
  printf 'Metric,avg,min,max,sum,p1,p5,p10,p25,p50,p75,p90,p95,p99,std\n'
  printf 'Request Latency (ms),%s.50,1.00,2.00,3.00,1.00,1.00,1.00,1.00,%s.40,2.00,2.00,2.00,2.00,0.25\n' \
    $((240 + 10 * concurrency)) $((240 + 10 * concurrency))
  printf '\nMetric,Value\nRequest Count,%s.00\nRequest Throughput (requests/sec),%s.00\n' \
    "$valid" "$((valid / duration))"
}

# phase, then metrics or an error: one line of profile_export.jsonl
record() {
  printf '{"metadata":{"session_num":0,"request_start_ns":1795548336942834926,'
  printf '"request_end_ns":1795548336999669416,"benchmark_phase":"%s","was_cancelled":false},' "$1"
  printf '%s}\n' "$2"
}

good='"metrics":{"request_latency":{"value":56.8,"unit":"ms"},"time_to_first_token":{"value":20.1,"unit":"ms"}}'
unauthorized='"code":401,"type":"Unauthorized","message":"{\"error\":\"invalid api key\"}"'
refused='"type":"ClientConnectorError","message":"Connect call failed (127.0.0.1, 1)","cause":"ConnectionRefusedError(111)"'

inputs() { printf '{"data":[{"session_id":"1","payloads":[{"model":"%s","stream":true}]}]}\n' "$model"; }

export_all() {
  inputs > "$dir/inputs.json"
  { record warmup "$good"; record profiling "$good"; } > "$dir/profile_export.jsonl"
  csv > "$dir/profile_export_aiperf.csv"
  summary > "$dir/profile_export_aiperf.json"
  printf '{"ready":true,"was_cancelled":%s,"partial":false}\n' "$cancelled" > "$dir/.aiperf_results_ready.json"
  clock INFO 'Exporting all records (exporter_manager.py:97)'
}

# words of the reason: what aiperf shows when it gives up
box() {
  printf '╭─ %s ───────────────────────────────╮\n│ %s\n╰────────────────────────────────────╯\n' \
    'AIPerf System Exit Errors' "$1" >&2
}

# an error as JSON fields: all requests fail with it
all_fail() {
  starting
  profiling
  inputs > "$dir/inputs.json"
  { record profiling "\"metrics\":{},\"error\":{$1}"; record profiling "\"metrics\":{},\"error\":{$1}"; } \
    > "$dir/profile_export.jsonl"
  clock ERROR 'All 2 inference request(s) failed; no successful responses were collected.'
  box 'Reason: All 2 inference request(s) failed. No successful responses were collected.'
  exit 1
}

hang() {
  sleep 600 &
  wait
}

grandchildren() {
  sleep 601 &
  plain=$!
  setsid sleep 602 &
  printf '%s\n%s\n' "$plain" "$!" > "$dir/pids"
}

# hidden ones have neither our session nor our environment
hidden_grandchild() {
  env -i setsid sleep 603 &
  printf '%s\n' "$!" >> "$dir/pids"
}

if [ "$1" = --version ]; then
  echo 0.13.0
  exit 0
fi

model=fake-ok
dir=artifacts
concurrency=1
duration=1
cancelled=false
complete=true
failed=0
errors=
original="$*"
while [ $# -gt 0 ]; do
  case $1 in
    --model | --model-names | -m) model=$2 ;;
    --output-artifact-dir | --artifact-dir) dir=$2 ;;
    --concurrency) concurrency=$2 ;;
    --benchmark-duration) duration=${2%.*} ;;
  esac
  shift
done
behaviour=$model
if [ -f "${0%/*}/behaviour" ]; then read -r behaviour < "${0%/*}/behaviour"; fi
if [ "$behaviour" = fake-hang-from-2 ]; then
  if [ "$concurrency" -ge 2 ]; then behaviour=fake-hang; else behaviour=fake-ok; fi
fi
valid=$((10 * concurrency * duration))

case $behaviour in
  fake-exit-*)
    starting
    echo "fake aiperf was told to exit ${behaviour#fake-exit-}" >&2
    exit "${behaviour#fake-exit-}"
    ;;
  fake-killed-by-*) kill "-${behaviour#fake-killed-by-}" $$ ;;
  fake-rejected)
    box 'concurrency: Input should be greater than or equal to 1'
    exit 1
    ;;
  fake-unauthorized) all_fail "$unauthorized" ;;
  fake-refused) all_fail "$refused" ;;
  fake-degraded)
    failed=$valid
    errors="{\"error_details\": {\"code\": 503, \"type\": \"Service Unavailable\", \"message\": \"busy\"}, \"count\": $failed}"
    ;;
  fake-incomplete)
    starting
    profiling
    export_all
    box 'DEGRADED: 1 result producer(s) died before reporting'
    exit 1
    ;;
  fake-no-json)
    starting
    exit 0
    ;;
  fake-torn-json)
    starting
    printf '{\n  "schema_version": "1.4",\n  "request_count": {"unit": "requests", "av' \
      > "$dir/profile_export_aiperf.json"
    exit 0
    ;;
  fake-print-*mb)
    megabytes=${behaviour#fake-print-}
    yes 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde |
      head -c $((${megabytes%mb} * 1048576))
    ;;
  fake-slow-start-*) sleep "${behaviour#fake-slow-start-}" ;;
  fake-sleep-*)
    starting
    profiling
    sleep "${behaviour#fake-sleep-}"
    export_all
    exit 0
    ;;
  fake-until-go)
    starting
    profiling
    until [ -e "${0%/*}/go" ]; do sleep 0.05; done
    ;;
  fake-hang)
    starting
    profiling
    hang
    ;;
  fake-hang-in-start)
    trap '' INT
    starting
    hang
    ;;
  fake-hang-in-warmup)
    trap '' INT
    starting
    for i in 1 2 3 4 5 6 7; do record warmup "$good"; done > "$dir/profile_export.jsonl"
    warming_up
    hang
    ;;
  fake-hang-in-export)
    trap '' INT
    starting
    profiling
    { record warmup "$good"; record profiling "$good"; } > "$dir/profile_export.jsonl"
    clock NOTICE 'Phase profiling (profiling) complete | completed=1, cancelled=0, errors=0 (runner.py:1226)'
    hang
    ;;
  fake-hang-ignoring-sigint)
    trap '' INT
    starting
    profiling
    hang
    ;;
  fake-hang-ignoring-all)
    trap '' INT TERM HUP
    starting
    profiling
    hang
    ;;
  fake-export-on-sigint)
    trap 'cancelled=true; complete=false; export_all; exit 0' INT
    starting
    profiling
    hang
    ;;
  fake-tree)
    trap '' INT
    starting
    grandchildren
    hidden_grandchild
    profiling
    hang
    ;;
  fake-leaves-tree)
    mkdir -p "$dir"
    grandchildren
    ;;
  fake-show)
    printf 'args: %s\n' "$original"
    env
    printf 'stdin: '
    cat
    echo
    ;;
esac

starting
profiling
export_all
