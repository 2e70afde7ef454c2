#!/bin/sh
# Compares a simulated LLM with an equal one, and with one whose inter-token latency is 15 % higher, three times each:
# with the real aiperf, two variants, two points and five repeats. The equal one must not FAIL, the slower one must.
#   scripts/verdicts.sh [ROUNDS]
# Needs aiperf ("caravan setup") and about 6 minutes a comparison. Prints the load of the machine and the verdict of
# each; exits 1 if one is wrong.
set -eu
cd "$(dirname "$0")/.."
caravan=$PWD/caravan
home=$(mktemp -d)
simulators=''
finish() {
  for pid in $simulators; do kill "$pid" 2>/dev/null || true; done
  rm -rf "$home"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Sets $url to that of a new simulated LLM.
simulate() {
  log=$(mktemp -p "$home")
  "$caravan" simulate --port 0 "$@" >"$log" 2>&1 &
  simulators="$simulators $!"
  for _ in $(seq 100); do
    url=$(grep -o 'http://[0-9.:]*' "$log" | head -1) || true
    [ -z "$url" ] || return 0
    sleep 0.2
  done
  cat "$log" >&2
  exit 1
}

"$caravan" --version >/dev/null # builds the jar if it is missing or old
simulate --itl 20ms --seed 1
base=$url
simulate --itl 20ms --seed 2
same=$url
simulate --itl 23ms --seed 3
slower=$url
cd "$home"
wrong=0
for round in $(seq "${1:-3}"); do
  for kind in same slower; do
    candidate=$same
    [ "$kind" = same ] || candidate=$slower
    cat >"$kind.yaml" <<END
batch_name: $kind
base_config:
  model: simulated-model
  tokenizer: builtin
  url: $base
  streaming: true
  concurrency: 1
  isl: 100
  osl: 24
  random_seed: $round
per_concurrency: {request_count: 15, warmup_request_count: 1}
sweeps: {concurrency: [1, 4]}
repeat: 5
variants:
  base:
  candidate: {url: "$candidate"}
END
    "$caravan" run --config-file "$kind.yaml" >run.log 2>&1 || { cat run.log >&2; exit 1; }
    status=0
    "$caravan" compare "$kind" >compare.out 2>compare.err || status=$?
    verdict=$(tail -1 compare.err)
    echo "$kind $round, load $(cut -d' ' -f1-3 /proc/loadavg): $verdict"
    case $kind:$status in
      same:0 | slower:1) ;;
      *) wrong=1 ;;
    esac
  done
done
exit "$wrong"
