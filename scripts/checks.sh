#!/bin/sh
# Plants each fault that a check of docs/checks.md must find, with the real aiperf against the simulated LLM, beside a
# clean run of the same workload; applies the advice of each finding that is a line of a config, and runs again.
#   scripts/checks.sh [--clean N] [CASE...]
# --clean N: also N clean runs of the demo's config at each concurrency, which must be silent above notes.
# Needs aiperf ("caravan setup", or CARAVAN_AIPERF_COMMAND), jq, faketime (of Debian) for a clock that is set, and about
# 25 minutes. Writes the table target/checks.md and the figures of the clean runs, target/checks-clean.csv. Exits 1 if a
# fault was not called out, a clean run was, or an advice did not help.
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
priority=''
disturb=''
disturbing=''
aiperf=${CARAVAN_AIPERF_COMMAND:-$(cat "${XDG_DATA_HOME:-$HOME/.local/share}/caravan/aiperf.path")}
finish() {
  [ -z "$disturbing" ] || kill "$disturbing" 2>/dev/null || true
  continue_aiperf
  [ -z "$simulator" ] || kill "$simulator" 2>/dev/null || true
  rm -rf "$home"
}
. scripts/disturbing.sh
# Not every sh runs the trap of EXIT when a signal ends it.
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
mkdir -p target
table=target/checks.md
figures=target/checks-clean.csv
cpu=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)
printf '%s, %s x %s, load %s, aiperf %s\n\n' "$(date +%Y-%m-%d)" "$(nproc)" "$cpu" \
  "$(cut -d' ' -f1-3 /proc/loadavg)" "$(sed -n 's/.*<aiperf.version>\(.*\)<.*/\1/p' pom.xml)" >"$table"
printf '| case | simulator | must find | found | advice applied | |\n|---|---|---|---|---|---|\n' >>"$table"
echo 'case,load,requests,ttft_p50_ms,ttft_p99_ms,latency_p50_ms,credit_to_start_p50_ms,findings' >"$figures"
planted=0
found_of_planted=0
silent=0
silent_of=0
advices=0
helped=0

selected() { case $only in '  ' | *" $1 "*) ;; *) return 1 ;; esac }

# run NAME "SIMULATOR OPTIONS" "BASE CONFIG" "AIPERF OPTIONS" "TOP LEVEL": runs a config; sets $result.
run() {
  # The option lists are words.
  # shellcheck disable=SC2086
  ./caravan simulate --port 0 $2 >"$home/simulator.log" 2>&1 &
  simulator=$!
  url=''
  while [ -z "$url" ]; do
    kill -0 "$simulator" || { cat "$home/simulator.log" >&2; exit 2; }
    sleep 0.2
    url=$(sed -n 's/.*\(http:[^ ]*\) .*/\1/p' "$home/simulator.log")
  done
  cat >"$home/config.yaml" <<END
batch_name: $1
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
  aiperf_options: {$4}
readiness: {preflight: false} # the times of the simulator begin with its first completion
retry: {attempts: 1} # a disturbed run is to be seen
vary_prompts: true
END
  # A key of the case replaces that of the base.
  for line in $3; do
    sed -i "s/^  ${line%%=*}: .*/  ${line%%=*}: ${line#*=}/" "$home/config.yaml"
    grep -q "^  ${line%%=*}: " "$home/config.yaml" ||
      sed -i "s/^  aiperf_options/  ${line%%=*}: ${line#*=}\n&/" "$home/config.yaml"
  done
  if [ -n "$5" ]; then
    sed -i "/^${5%%:*}:/d" "$home/config.yaml"
    printf '%s\n' "$5" >>"$home/config.yaml"
  fi
  if [ -n "$disturb" ]; then
    # The name of a function and its argument.
    # shellcheck disable=SC2086
    set -- "$1" $disturb
    "$2" "$1" "$3" &
    disturbing=$!
  fi
  # shellcheck disable=SC2086
  $priority ./caravan run --home "$home" --config-file "$home/config.yaml" >"$home/run.log" 2>&1 </dev/null || true
  [ -z "$disturbing" ] || wait "$disturbing" || { echo "$1 was not disturbed" >&2; exit 2; }
  disturbing=''
  kill "$simulator"
  wait "$simulator" 2>/dev/null || true
  simulator=''
  result=$(find "$home/aiperf_results/$1" -name process_result.json | sort | tail -1)
  all=$(jq -r '[.checks // [] | .[] | .level + ":" + .id] | join(" ")' "$result")
  above=$(jq -r '[.checks // [] | .[] | select(.level != "note") | .level + ":" + .id] | join(" ")' "$result")
  status=$(jq -r .status "$result")
  checked=$(jq -r '.checked // [] | length' "$result")
}

# one NAME EXPECTED(level:id or silent) "SIMULATOR OPTIONS" "BASE CONFIG" "AIPERF OPTIONS" ["TOP LEVEL" [incurable]]:
# adds a line. incurable: the advice is for the usual cause of the finding, not for the one that is planted.
one() {
  selected "$1" || return 0
  run "$1" "$3" "$4" "$5" "${6-}"
  advised=''
  if [ "$2" = silent ]; then
    silent_of=$((silent_of + 1))
    [ -z "$above" ] && [ "$checked" -gt 0 ] && [ "$status" = succeeded ] && { ok=yes; silent=$((silent + 1)); } || ok=NO
    shown=${above:-none}
    [ "$status" = succeeded ] || shown="$status: $shown"
  else
    planted=$((planted + 1))
    case " $all " in *" $2 "*) ok=yes; found_of_planted=$((found_of_planted + 1)) ;; *) ok=NO ;; esac
    shown=${all:-none}
    [ $ok = NO ] || advise "$@"
  fi
  printf '| %s | `%s` | %s | %s | %s | %s |\n' "$1" "$3" "$2" "$shown" "$advised" "$ok" | tee -a "$table"
}

# Applies the advice of the expected finding, if it is a line of a config, and runs again: the check falls silent, or
# the finding sinks to the level that the advice sets. The other findings of a case may stay.
advise() {
  id=${2#*:}
  advice=$(jq -r --arg id "$id" '.checks[] | select(.id == $id) | .advice | sub(" *#.*"; "")' "$result")
  base=$4 options=$5 top=${6-}
  [ "${7-}" != incurable ] || { advised='not for this cause'; return 0; }
  case ${advice%%:*} in *[!a-z_]*) advised='in words'; return 0 ;; esac
  case $advice in
    "aiperf_options: {"*"}")
      options="$options, ${advice#aiperf_options: \{}"
      options=${options%\}}
      # A later value of an option replaces an earlier one.
      case ${advice#*\{} in benchmark_grace_period*) options=${options#*benchmark_grace_period: 1, } ;; esac
      options=${options#, } ;;
    checks:* | vary_prompts:*) top=$advice ;;
    *) base="$base ${advice%%:*}=${advice#*: }" ;;
  esac
  advices=$((advices + 1))
  run "$1-advised" "$3" "$base" "$options" "$top"
  allowed=${advice##*: }
  case " $all " in
    *":$id "*) case " $all " in *" ${allowed%\}}:$id "*) good=yes ;; *) good=NO ;; esac ;;
    # With use_server_token_count there is one count, and so nothing to compare.
    *) jq -e --arg id "$id" \
      '(.checked | index($id)) or (.unchecked[$id] // "" | startswith("use_server_token_count uses"))' \
      "$result" >/dev/null && good=yes || good=NO ;;
  esac
  [ $good = NO ] || helped=$((helped + 1))
  advised="\`$advice\`: $([ $good = yes ] && echo silent || echo "${all:-unchecked}")"
  case $advice in checks:*) advised="\`$advice\`: ${all:-silent}" ;; esac
}

one clean silent "" "" ""
one errors degraded:errors "--error-rate 0.2" "" ""
one errors-cancelled degraded:errors "--cancelled 0.2" "" ""
one errors-broken-off silent "" "" "request_cancellation_rate: 20, request_cancellation_delay: 0.05"
one errors-most invalid:errors "--error-rate 0.7" "" ""
one unanswered degraded:unanswered "--ttft 1500ms --jitter 1" "" "benchmark_grace_period: 1"
one unanswered-never degraded:unanswered "--wedge-after 20 --ttft 10ms" "" "benchmark_grace_period: 1" "" incurable
one lengths-short warning:lengths "--reply-tokens x0.7" "" ""
one lengths-long warning:lengths "--reply-tokens x10 --itl 1ms" "" "" "" incurable
one lengths-broken warning:lengths "--truncate 0.5" "" "" "" incurable
one lengths-cut warning:lengths "--cut-off 0.5 --output-tokens 40" "prompt_output_tokens_mean=" ""
one replies invalid:replies "--refuse" "prompt_output_tokens_mean=100" ""
one replies-equal warning:replies "--reply-tokens 9" "" ""
one cache warning:cache "--prefix-cache --prefill 1ms/token --ttft 5ms" "" "num_dataset_entries: 10" \
  "vary_prompts: false"
one cache-unseen note:cache "" "" "num_dataset_entries: 10" "vary_prompts: false"
one load-rate degraded:load "--capacity 64" "request_rate=40" ""
one load-rate-kept silent "" "request_rate=10 concurrency=8" ""
one load-ramp warning:load "--ttft 300ms --capacity 64" "concurrency=16 benchmark_duration=12" \
  "concurrency_ramp_duration: 6"
one load-ramp-short silent "--ttft 300ms --capacity 64" "concurrency=16 benchmark_duration=12" \
  "concurrency_ramp_duration: 1"
priority='nice -n 15' # a client that gets little of the processor where others want it too
one load invalid:load "--ttft 0s --itl 0s --capacity 400" \
  "concurrency=128 prompt_output_tokens_mean=2 warmup_request_count=2000" "workers_max: 1"
one client degraded:client "--ttft 0s --itl 0s --capacity 400" \
  "concurrency=128 prompt_output_tokens_mean=2 warmup_request_count=2000" "workers_max: 1"
priority=''
one stall degraded:stall "--silence 4s@2s" "benchmark_duration=9" ""
disturb='stop 4'
one stall-client invalid:stall "" "benchmark_duration=9" "" "retry: {attempts: 1}"
disturb='stop 0.2'
one stall-client-short silent "" "benchmark_duration=9" ""
disturb=''
library=$(find /usr/lib -name libfaketimeMT.so.1 2>/dev/null | head -1)
if [ -n "$library" ]; then
  fake_clock "$library"
  export CARAVAN_AIPERF_COMMAND="$home/aiperf"
  disturb='set_clock 3'
  one clock invalid:clock "" "benchmark_duration=9" "" "retry: {attempts: 1}"
  fake_clock "$library"
  disturb='set_clock 0'
  one clock-kept silent "" "benchmark_duration=9" ""
  disturb=''
  export CARAVAN_AIPERF_COMMAND="$aiperf"
elif selected clock; then
  echo '| clock | | invalid:clock | not planted: faketime is not installed | | |' | tee -a "$table"
fi
one stream warning:stream "--one-chunk" "" ""
one stream-some warning:stream "--one-chunk 0.34" "" ""
one stream-filler warning:stream "--filler --ttft 300ms" "" ""
one stream-slow silent "--ttft 300ms" "" ""
one tokens warning:tokens "--usage-factor 1.3" "tokenizer=o200k_base" ""
one tokens-uncounted warning:tokens "--no-usage 0.5" "use_server_token_count=true" ""
one tokens-counted silent "" "use_server_token_count=true" ""
one samples note:samples "--ttft 10ms --itl 2ms" "" ""
# Replies of many lengths, so that the burst dies down.
one burst note:burst "--serial-prefill --ttft 40ms --itl 50ms --capacity 64" \
  "concurrency=24 benchmark_duration=15 prompt_output_tokens_mean=48 prompt_output_tokens_stddev=24" ""
one steady warning:steady "--drift 50%" "benchmark_duration=10" ""
one restart invalid:service "--restart-at 2s" "" "" "retry: {attempts: 1}"
one alone warning:alone "--others 10" "" "" "readiness: {preflight: false, quiet: 1s}"
one replicas silent "--replicas 2" "" ""
one shared-prompt silent "--prefix-cache --prefill 1ms/token --ttft 5ms" "" "shared_system_prompt_length: 60"
one short-replies silent "" "prompt_output_tokens_mean=1 concurrency=2" ""
one natural-lengths silent "--output-tokens 40" "prompt_output_tokens_mean=" ""
while [ "$clean" -gt 0 ]; do
  for concurrency in 1 4 8 16; do
    name="clean-$clean-$concurrency"
    selected "$name" || [ "$only" = ' clean ' ] || continue
    load=$(cut -d' ' -f1 /proc/loadavg)
    run "$name" "" "concurrency=$concurrency benchmark_duration=5" "" ""
    silent_of=$((silent_of + 1))
    if [ -z "$above" ] && [ "$checked" -gt 0 ]; then
      silent=$((silent + 1))
    else
      printf '| %s | demo | silent | %s | | NO |\n' "$name" "$above" | tee -a "$table"
    fi
    jq -r --arg name "$name" --arg load "$load" --arg all "$all" '[$name, $load, .request_count.avg,
      .time_to_first_token.p50, .time_to_first_token.p99, .request_latency.p50, .credit_to_start_latency.p50, $all]
      | @csv' "$(dirname "$result")/profile_export_aiperf.json" >>"$figures"
  done
  clean=$((clean - 1))
done
# The distributions of the clean runs: minimum, median and maximum by concurrency.
if [ "$(wc -l <"$figures")" -gt 1 ]; then
  {
    printf '\n| clean runs at concurrency | | load of the host | requests | TTFT p50, ms | TTFT p99, ms |'
    printf ' latency p50, ms | wait in aiperf p50, ms |\n|---|---|---|---|---|---|---|---|\n'
  } | tee -a "$table"
  for concurrency in 1 4 8 16; do
    printf '| %s | %s |' "$concurrency" "$(grep -c -- "-$concurrency\"" "$figures")"
    for column in 2 3 4 5 6 7; do
      grep -- "-$concurrency\"" "$figures" | tr -d '"' | cut -d, -f$column | sort -n |
        awk '{ v[NR] = $1 } END { printf " %.3g to %.3g to %.3g |", v[1], v[int((NR + 1) / 2)], v[NR] }'
    done
    echo
  done | tee -a "$table"
  printf '\nNotes of the clean runs: %s\n' "$(grep -o 'note:[a-z]*' "$figures" | sort | uniq -c | tr -s ' \n' ' ')" |
    tee -a "$table"
fi
printf '\n%s of %s planted faults called out; %s of %s clean runs silent above notes; %s of %s advices helped.\n' \
  "$found_of_planted" "$planted" "$silent" "$silent_of" "$helped" "$advices" | tee -a "$table"
[ "$found_of_planted" = "$planted" ] && [ "$silent" = "$silent_of" ] && [ "$helped" = "$advices" ]
