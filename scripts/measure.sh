#!/usr/bin/env bash
# Measures Caravan on this machine and prints a table. Needs what ./caravan needs, bash 5 and python3,
# but no aiperf: a stub script that exits at once replaces it. Takes about six minutes; LIMIT is how many seconds a
# command or a wait may take (1800).
#
# What is measured, and how:
#   overhead per run   A batch of RUNS runs. The stub appends its start and exit times to a file; a gap is
#                      the time from one exit to the next start. It includes Caravan's work, synced to disk
#                      (outcome, result files, summary, probe of the target, the next run's files), and
#                      what every caller pays: the exit of one bash and the start of the next. For
#                      comparison, a plain Python loop runs the same stub and writes the same two JSON
#                      files as run_aiperf.py, unsynced. The two alternate, ROUNDS times.
#   commands           Wall time of the whole command, started through ./caravan.
#   serve              Time until it logs that it watches its inbox; its CPU time while idle, from
#                      /proc/<pid>/stat; and, after a kill -9 in the middle of a batch, the time until the
#                      stub of the next run starts.
set -euo pipefail

runs=${RUNS:-1000}
rounds=${ROUNDS:-3}
idle_seconds=${IDLE_SECONDS:-30}
top=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d "${MEASURE_IN:-${TMPDIR:-/tmp}}/caravan-measure.XXXXXX")
. "$top/scripts/measuring.sh"
trap 'end_started; rm -rf "$work"' EXIT
limit=${LIMIT:-1800} # seconds, of each command and each wait

caravan() {
  timeout --foreground "$limit" "$top/caravan" "$@" --home "$work/home"
}

# The aiperf stub. It writes the summary of a successful aiperf run.
make_stub() {
  cat >"$work/aiperf" <<'STUB'
#!/bin/bash
begin=$EPOCHREALTIME
if [ "$1" = --version ]; then
  echo 0.13.0
  exit
fi
until [ $# -eq 0 ] || [ "$1" = --output-artifact-dir ]; do
  shift
done
summary='{"schema_version":"1.4","aiperf_version":"0.13.0","is_complete":true,"was_cancelled":false,"request_count":{"unit":"requests","avg":10}}'
printf '%s\n' "$summary" >"$2/profile_export_aiperf.json"
echo "$begin $EPOCHREALTIME" >>"$STUB_TIMES"
STUB
  chmod +x "$work/aiperf"
}

# The reference loop: the steps of run_aiperf.py around each aiperf.
make_loop() {
  cat >"$work/loop.py" <<'LOOP'
import json, pathlib, subprocess, sys
aiperf, results, runs = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
for run in range(runs):
    folder = results / f"random_seed{run}"
    folder.mkdir(parents=True)
    command = [aiperf, "profile", "--model", "m", "--random-seed", str(run), "--output-artifact-dir", str(folder)]
    (folder / "run_metadata.json").write_text(json.dumps({"run_index": run, "command": " ".join(command)}, indent=2))
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (folder / "process_result.json").write_text(json.dumps(vars(done), indent=2))
LOOP
}

# Prints the median, 90th percentile and largest gap in ms, from a file of the stub's times.
gaps() {
  python3 - "$1" <<'GAPS'
import statistics, sys
times = [tuple(map(float, line.split())) for line in open(sys.argv[1])]
gaps = sorted((b[0] - a[1]) * 1e3 for a, b in zip(times, times[1:]))
print(f"{statistics.median(gaps):.2f} {gaps[int(len(gaps) * 0.9)]:.2f} {gaps[-1]:.2f}")
GAPS
}

# Prints the median and range of the given numbers, with this many decimals.
spread() {
  python3 - "$@" <<'SPREAD'
import statistics, sys
digits, values = int(sys.argv[1]), sorted(map(float, sys.argv[2:]))
print(f"{statistics.median(values):.{digits}f} ({values[0]:.{digits}f} to {values[-1]:.{digits}f})")
SPREAD
}

# Prints the duration of a command in seconds; its output goes to $work/out.
timed() {
  local begin=$EPOCHREALTIME
  "$@" >"$work/out" 2>"$work/err" </dev/null || {
    echo "failed: $*" >&2
    tail -n 20 "$work/err" >&2
    return 1
  }
  python3 -c "print($EPOCHREALTIME - $begin)"
}

row() {
  printf '| %-62s | %-26s | %-12s |\n' "$@"
}

config() {
  cat >"$work/$1.yaml"
}

make_stub
make_loop
export CARAVAN_AIPERF_COMMAND=$work/aiperf CARAVAN_AIPERF_ENVIRONMENT=STUB_TIMES
mkdir "$work/home"
"$top/caravan" --version >/dev/null

"$top/caravan" simulate --port 0 >"$work/simulator.log" 2>&1 </dev/null &
simulator=$!
started+=("$simulator")
await 120 "the simulator" "$work/simulator.log" grep -qs 'http://' "$work/simulator.log"
url=$(grep -om1 'http://[0-9.:]*' "$work/simulator.log")

base="base_config:
  model: simulated-model
  tokenizer: builtin
  url: $url
  warmup_request_count: 0
  benchmark_duration: 1
  concurrency: 1"

config small <<SMALL
batch_name: small
$base
sweeps:
  concurrency: [1, 2, 4]
SMALL
config batch <<BATCH
batch_name: batch
$base
sweeps:
  random_seed: [$(seq -s ', ' 1 "$runs")]
BATCH
config large <<LARGE
batch_name: large
$base
sweeps:
  concurrency: [$(seq -s ', ' 1 100)]
  random_seed: [$(seq -s ', ' 1 100)]
  prompt_input_tokens_mean: [$(seq -s ', ' 100 100 1000)]
LARGE

load=$(cut -d ' ' -f 1 /proc/loadavg)
fsync=$(python3 - "$work" <<'FSYNC'
import os, statistics, sys, time
took = []
for n in range(200):
    fd = os.open(f"{sys.argv[1]}/fsync", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    os.write(fd, b"x" * 2000)
    begin = time.perf_counter()
    os.fsync(fd)
    took.append((time.perf_counter() - begin) * 1e3)
    os.close(fd)
print(f"{statistics.median(took):.2f}")
FSYNC
)

ours=() ours90=() theirs=() ratios=()
for ((round = 1; round <= rounds; round++)); do
  echo "round $round of $rounds: $runs runs each way" >&2
  export STUB_TIMES=$work/loop.$round
  python3 "$work/loop.py" "$work/aiperf" "$work/loop-results.$round" "$runs"
  read -r loop _ _ < <(gaps "$STUB_TIMES")
  export STUB_TIMES=$work/caravan.$round
  timed caravan run --config-file "$work/batch.yaml" >/dev/null
  [ "$(wc -l <"$STUB_TIMES")" -eq "$runs" ]
  read -r own own90 most < <(gaps "$STUB_TIMES")
  echo "  loop $loop ms; caravan $own ms, p90 $own90, longest $most" >&2
  ours+=("$own") ours90+=("$own90") theirs+=("$loop")
  ratios+=("$(python3 -c "print($own / $loop)")")
  rm -rf "$work/loop-results.$round" "$work/home/aiperf_results"
done

plans=() dry_runs=() starts=()
for ((round = 1; round <= 5; round++)); do
  plans+=("$(CARAVAN_JAVA_OPTS=-Xmx64m timed caravan plan "$work/large.yaml")")
  grep -q '^Run 100000/100000:' "$work/out"
  dry_runs+=("$(timed caravan run --config-file "$work/small.yaml" --dry-run)")
done

# Starts the daemon; sets daemon and watching, the seconds until it watches.
serve() {
  local begin=$EPOCHREALTIME
  exec 3< <(CARAVAN_HTTP_PORT=0 exec "$top/caravan" serve --home "$work/home" 2>&1 </dev/null)
  daemon=$!
  started+=("$daemon")
  while read -rt 120 line <&3; do
    case $line in
      *Watching*)
        watching=$(python3 -c "print($EPOCHREALTIME - $begin)")
        return
        ;;
    esac
    echo "$line" >&2
  done
  echo "the daemon did not start" >&2
  return 1
}

stop_serving() {
  kill "$daemon"
  timeout --foreground 60 cat <&3 >/dev/null || give_up "the daemon has not exited within 60 s"
  started=("$simulator")
}

# Clock ticks of CPU that a process has used.
ticks() {
  local stat
  stat=$(<"/proc/$1/stat")
  # shellcheck disable=SC2086 # fields must be split
  set -- ${stat##*) }
  echo $(("${12}" + "${13}"))
}

for ((round = 1; round <= 5; round++)); do
  serve
  starts+=("$watching")
  if [ "$round" -lt 5 ]; then
    stop_serving
  fi
done
# Sets idle to the percentage of a core that the daemon uses from now on.
watch_idle() {
  echo "idle for $idle_seconds s" >&2
  local before after
  before=$(ticks "$daemon")
  sleep "$idle_seconds"
  after=$(ticks "$daemon")
  idle=$(python3 -c "print(f'{($after - $before) / $(getconf CLK_TCK) / $idle_seconds * 100:.2f}')")
}

sleep 5
watch_idle
idle_at_first=$idle
sleep 85 # in which Java compiles what a daemon does again and again
watch_idle
resident=$(($(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' "/proc/$daemon/status") / 1024))
stop_serving

# Kills a daemon in the middle of a batch of 10,000 runs and restarts it: seconds from the restart to
# the start of the next run.
outstanding=10000
config resumed <<RESUMED
batch_name: resumed
$base
sweeps:
  random_seed: [$(seq -s ', ' 1 $outstanding)]
RESUMED
export STUB_TIMES=$work/resumed
resumed=()
touch "$STUB_TIMES"
has_started() { # count: whether more runs than that have started
  [ "$(wc -l <"$STUB_TIMES")" -gt "$1" ]
}
cp "$work/resumed.yaml" "$work/home/inbox/"
for ((round = 1; round <= 4; round++)); do
  echo "resume $round of 4" >&2
  done_before=$(wc -l <"$STUB_TIMES")
  begin=$EPOCHREALTIME
  serve
  timeout "$((2 * limit))" cat <&3 >/dev/null & # or a full pipe would block it
  reader=$!
  poll=0.01 await "$limit" "the next run" "" has_started "$done_before"
  if [ "$round" -gt 1 ]; then
    resumed+=("$(sed -n "$((done_before + 1))s/ .*//p" "$STUB_TIMES" | xargs -I{} python3 -c "print({} - $begin)")")
  fi
  await "$limit" "300 runs" "" has_started "$((done_before + 300))"
  kill -9 "$daemon"
  started=("$simulator")
  wait "$reader"
done

echo "$(date +%F), $(nproc) cores, load $load at the start, one fsync of 2 kB $fsync ms at the median."
echo "Median (smallest to largest) of $rounds rounds, of 5 for the commands."
echo
row metric "measured" "goal"
row --- --- ---
row "Caravan's overhead per run, median of $runs runs, ms" "$(spread 1 "${ours[@]}")" "at most 15"
row "the same, 90th percentile, ms" "$(spread 1 "${ours90[@]}")" ""
row "a plain Python loop around the same stub, median, ms" "$(spread 1 "${theirs[@]}")" ""
row "ratio, Caravan to the loop" "$(spread 1 "${ratios[@]}")" ""
row "\`plan\` of 100,000 runs with a heap of 64 MB, s" "$(spread 2 "${plans[@]}")" "at most 3"
row "\`run --dry-run\` of 3 runs, with a probe of the service, s" "$(spread 2 "${dry_runs[@]}")" "at most 1"
row "\`serve\` until it watches the inbox, s" "$(spread 2 "${starts[@]}")" "at most 4"
row "\`serve\` after a kill -9, until the next of $outstanding runs starts, s" "$(spread 2 "${resumed[@]}")" "at most 5"
row "\`serve\` idle for $idle_seconds s, 5 s after its start, % of a core" "$idle_at_first" ""
row "the same two minutes after its start" "$idle" "at most 1"
row "\`serve\` idle, resident memory, MB" "$resident" ""
