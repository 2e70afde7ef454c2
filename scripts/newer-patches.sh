#!/bin/sh
# Names the dependencies and plugins of which a newer patch of the same line is published. It only tells, and always
# exits with 0: neither a newer patch nor a network that is down is a fault of the change that is built.
cd "$(dirname "$0")/.." || exit 0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
# With artifacts of its own, since a build may be writing to the usual ones.
if timeout 120 ./mvnw -B -q -Dmaven.repo.local="$scratch/artifacts" \
  org.codehaus.mojo:versions-maven-plugin:2.19.1:display-property-updates \
  -DallowMajorUpdates=false -DallowMinorUpdates=false -Dversions.outputFile="$scratch/found" </dev/null >/dev/null 2>&1; then
  sed -n 's/^ *\${\(.*\)\.version} \.* *\(.* -> .*\)$/newer patch: \1 \2/p' "$scratch/found"
else
  echo 'newer patches: could not ask'
fi
exit 0
