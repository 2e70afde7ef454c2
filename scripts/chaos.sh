#!/bin/sh
# Runs the chaos experiments of docs/evidence/reliability.md at a given scale.
#   scripts/chaos.sh [--scale N] [--seed N] [EXPERIMENT...]
# EXPERIMENT: RandomKills PoisonRuns CrashPoints FailingWrites FullDisk InboxLoad StuckRuns StuckRealAiperf
# TwoDaemons SecretCanary FlappingTarget ConfigFuzz HttpCrowd Soak; default: all of these, which takes up to an hour at
# scale 1. FleetKills runs only when named. No scale makes an experiment smaller than the short form of ./mvnw verify.
# Results are appended to target/chaos.txt.
set -eu
cd "$(dirname "$0")/.."

scale=1
seed=''
experiments=''
while [ $# -gt 0 ]; do
  case $1 in
    --scale) scale=${2:?--scale needs a number} && shift 2 ;;
    --seed) seed=${2:?--seed needs a number} && shift 2 ;;
    -*) sed -n '2,7s/^# *//p' "$0" >&2 && exit 2 ;;
    *) experiments=$experiments${experiments:+,}dev/caravan/chaos/$1IT && shift ;;
  esac
done

exec ./mvnw -B verify \
  -Djunit.jupiter.execution.timeout.mode=disabled -Dtest=NoUnitTests -Dsurefire.failIfNoSpecifiedTests=false \
  "-Dit.test=${experiments:-dev/caravan/chaos/*IT,!dev/caravan/chaos/FleetKillsIT}" \
  "-Dcaravan.chaos.scale=$scale" ${seed:+"-Dcaravan.chaos.seed=$seed"} </dev/null
