#!/bin/sh
# Measures one pass over a request log with all checks, in a heap of 64 MB: ChecksTimeTest with 400 MB (or $1 MB) of
# lines as aiperf wrote them. Prints a line a round; the first round also warms up the JVM.
set -eu
cd "$(dirname "$0")/.."
output=$(mktemp)
trap 'rm -f "$output"' EXIT
./mvnw -q -B test -Dtest=ChecksTimeTest -Dtest.jvm="-Xmx64m -Dcaravan.checks.mb=${1:-400}" \
  -Dspotless.check.skip=true </dev/null >"$output" 2>&1 || { cat "$output" >&2; exit 1; }
grep -a CHECKS "$output"
