#!/usr/bin/env bash
# Compares the wall time of "caravan run" with that of a plain Python loop that starts the same aiperf commands, as
# run_aiperf.py does: with the real aiperf against the simulator, alternated. Two cases: 5 points of 3 s, and 1 run
# of 5 s. Each Caravan round is measured twice: with nothing remembered of the tokenizer, and with.
#   scripts/measure-night.sh [ROUNDS]
# Needs aiperf ("caravan setup"), bash 5 and python3; takes about 4 minutes a round. A ratio below 1 means that Caravan
# is faster. The load of the machine is printed; above 1 the figures are not worth much.
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd -P)
work=$(mktemp -d)
rounds=${1:-3}
finish() {
  [ -z "${simulator-}" ] || kill "$simulator" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

cat >"$work/loop.py" <<'LOOP'
import json, pathlib, shlex, subprocess, sys
folder = pathlib.Path(sys.argv[1])
for run, line in enumerate(sys.stdin):
    results = folder / str(run)
    results.mkdir(parents=True)
    command = shlex.split(line) + ["--output-artifact-dir", str(results), "--ui-type", "none"]
    (results / "run_metadata.json").write_text(json.dumps({"run_index": run, "command": line}))
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (results / "process_result.json").write_text(json.dumps(vars(done)))
LOOP

"$top/caravan" simulate --port 0 >"$work/simulator.log" 2>&1 </dev/null &
simulator=$!
until url=$(grep -som1 'http://[0-9.:]*' "$work/simulator.log"); do
  kill -0 "$simulator" || { cat "$work/simulator.log" >&2; exit 1; }
  sleep 0.1
done
aiperf=${CARAVAN_AIPERF_COMMAND:-$(cat "${XDG_DATA_HOME:-$HOME/.local/share}/caravan/aiperf.path" 2>/dev/null ||
  ls "${XDG_DATA_HOME:-$HOME/.local/share}"/caravan/aiperf-*/bin/aiperf | tail -1)}
export TIKTOKEN_CACHE_DIR=${TIKTOKEN_CACHE_DIR:-${XDG_DATA_HOME:-$HOME/.local/share}/caravan/tiktoken}

# config NAME SECONDS POINTS...
config() {
  local name=$1 seconds=$2
  shift 2
  cat >"$work/$name.yaml" <<END
batch_name: $name
base_config:
  model: simulated-model
  tokenizer: builtin
  url: $url
  streaming: true
  warmup_request_count: 2
  benchmark_duration: $seconds
  concurrency: 1
  prompt_input_tokens_mean: 100
  prompt_output_tokens_mean: 20
sweeps: {concurrency: [$(IFS=,; echo "$*")]}
END
}

commands() {
  python3 - "$1" "$url" "$aiperf" "${@:2}" <<'COMMANDS'
import shlex, sys
seconds, url, aiperf, *points = sys.argv[1:]
for point in points:
    print(shlex.join([aiperf, "profile", "--model", "simulated-model", "--tokenizer", "builtin", "--url", url,
        "--streaming", "--warmup-request-count", "2", "--benchmark-duration", seconds, "--concurrency", point,
        "--prompt-input-tokens-mean", "100", "--prompt-output-tokens-mean", "20"]))
COMMANDS
}

# Prints the seconds that a command takes.
timed() {
  local begin=$EPOCHREALTIME
  "$@" >"$work/out" 2>&1 || { tail -n 20 "$work/out" >&2; return 1; }
  python3 -c "print(f'{$EPOCHREALTIME - $begin:.2f}')"
}

loop() {
  python3 "$work/loop.py" "$(mktemp -d -p "$work")" <"$work/commands"
}

run() {
  "$top/caravan" run --config-file "$work/$1.yaml" --home "$work/home"
}

mkdir "$work/home" "$work/cache"
export XDG_CACHE_HOME=$work/cache
config points 3 1 2 3 4 5
config single 5 1
commands 3 1 2 3 4 5 >"$work/commands"
loop >/dev/null # warms up the disk's cache
run single >/dev/null 2>&1
for round in $(seq "$rounds"); do
  for name in points single; do
    [ "$name" = points ] && commands 3 1 2 3 4 5 >"$work/commands" || commands 5 1 >"$work/commands"
    plain=$(timed loop)
    rm -rf "$work/cache/caravan/tokenizers"
    first=$(timed run "$name")
    again=$(timed run "$name")
    python3 -c "print(f'$name: loop $plain s, caravan run $first s ({$first / $plain:.2f}),' \
      f' tokenizer remembered $again s ({$again / $plain:.2f}), load $(cut -d ' ' -f 1 /proc/loadavg)')"
  done
done
