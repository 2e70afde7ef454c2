#!/bin/sh
# Measures how long judging takes with 240 MB of distinct errors, and with 10 MB each of stderr, stdout and log
# (JudgingTimeTest at ten times its size). Prints one line a case; the first ones also warm up the JVM.
set -eu
cd "$(dirname "$0")/.."
output=$(mktemp)
trap 'rm -f "$output"' EXIT
./mvnw -q -B test -Dtest=JudgingTimeTest -Dtest.jvm=-Dcaravan.judging.scale=10 </dev/null >"$output" 2>&1 ||
  { cat "$output" >&2; exit 1; }
grep -a JUDGING "$output"
