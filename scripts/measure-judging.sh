#!/bin/sh
# Measures how long judging takes with 240 MB of distinct errors, and with 10 MB each of stderr, stdout and log
# (JudgingTimeTest at ten times its size). Prints one line a case; fails when a case takes longer than
# docs/reliability.md says.
set -eu
cd "$(dirname "$0")/.."
./mvnw -q -B test -Dtest=JudgingTimeTest -DargLine=-Dcaravan.judging.scale=10 </dev/null | grep -a JUDGING
