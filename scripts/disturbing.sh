# Sourced by checks.sh: disturbs aiperf in the measured phase of a run. Reads $home, the home of the runs, and $aiperf,
# the path of the real aiperf.
# shellcheck shell=sh disable=SC2154

# Waits until a run is in its measured phase, for 30 s at most; sets $log to its output.
await_measuring() {
  log=''
  for _ in $(seq 150); do
    log=$(find "$home/aiperf_results/$1" -name stdout.log -exec grep -l '(profiling) started' {} + 2>/dev/null || true)
    [ -z "$log" ] || return 0
    sleep 0.2
  done
  return 1
}

# Prints the process groups of aiperf.
aiperf_groups() {
  for process in "$home"/.caravan/processes/*; do
    [ ! -f "$process" ] || jq -r .pid "$process"
  done
}

continue_aiperf() {
  for group in $(aiperf_groups); do
    kill -s CONT -- "-$group" 2>/dev/null || true
  done
}

# stop NAME SECONDS: stops all processes of aiperf for a while in the measured phase.
stop() {
  await_measuring "$1"
  sleep 1
  kill -s STOP -- "-$(aiperf_groups)"
  sleep "$2"
  continue_aiperf
}

# set_clock NAME SECONDS: sets the wall clock of aiperf forward in the measured phase.
set_clock() {
  await_measuring "$1"
  sleep 1
  echo "+$2" >"$home/faketime"
}

# Prints a word of the shell.
quoted() {
  printf "'%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
}

# An aiperf whose wall clock, and not its monotonic one, is what $home/faketime says.
fake_clock() {
  echo +0 >"$home/faketime"
  printf '#!/bin/sh\nexport LD_PRELOAD=%s FAKETIME_TIMESTAMP_FILE=%s\n' "$(quoted "$1")" \
    "$(quoted "$home/faketime")" >"$home/aiperf"
  printf 'export FAKETIME_CACHE_DURATION=1 FAKETIME_DONT_FAKE_MONOTONIC=1 DONT_FAKE_MONOTONIC=1\n' >>"$home/aiperf"
  printf 'exec %s "$@"\n' "$(quoted "$aiperf")" >>"$home/aiperf"
  chmod +x "$home/aiperf"
}
