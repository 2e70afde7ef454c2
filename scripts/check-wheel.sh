#!/bin/sh
# Installs the wheel that scripts/package.sh built into a fresh virtual environment, and runs it as on a machine
# without Java: its own is the only one on PATH. Prints times and sizes.
# usage: scripts/check-wheel.sh [--demo | --aiperf PATH]
#   --demo         also installs the extra [aiperf] (1.2 GB) and runs the demo
#   --aiperf PATH  runs the demo with this aiperf
set -eu

demo=''
aiperf=''
case "${1-}" in
  --demo) demo=yes ;;
  --aiperf) aiperf=${2:?"--aiperf needs a path"} ;;
  '') ;;
  *) sed -n '2,6s/^# //p' "$0" >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
wheel=$(ls "$PWD"/target/packages/aiperf_caravan-*.whl)
example=$PWD/examples/simulator.yaml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv --without-pip "$folder/venv"

timed() {
  started=$(date +%s)
  "$@"
  printf '%s s: %s\n' "$(($(date +%s) - started))" "$what"
}

# What the launcher needs, and Python for aiperf; no java.
mkdir "$folder/bin" "$folder/home" "$folder/tmp"
for tool in sh cat chmod cp cut dirname env find grep head id locale ls mkdir mktemp mv ps readlink rm sed setsid \
  sleep stat stty sync tail timeout touch tr; do
  ! path=$(command -v "$tool") || ln -s "$path" "$folder/bin/"
done

caravan() {
  (cd "$folder/home" && env -i HOME="$folder/home" PATH="$folder/bin" TMPDIR="$folder/tmp" \
    CARAVAN_JAVA_OPTS="-Djava.io.tmpdir=$folder/tmp" ${aiperf:+"CARAVAN_AIPERF_COMMAND=$aiperf" PIP_NO_INDEX=1} \
    "$folder/venv/bin/caravan" "$@" </dev/null)
}

# By the pip that built the wheel: to install another one takes longer than the wheel.
packages_of_pip=$(echo "$PWD"/target/wheel-venv/lib/python3*/site-packages)
install() {
  PYTHONPATH=$packages_of_pip "$folder/venv/bin/python" -m pip -q --disable-pip-version-check install "$1"
}

what='pip install aiperf-caravan' timed install "$wheel"
du -sh "$folder/venv"
caravan --version
caravan validate "$example"
if [ -n "$demo" ]; then
  what='pip install aiperf-caravan[aiperf]' timed install "$wheel[aiperf]"
fi
if [ "$demo$aiperf" ]; then
  what='caravan demo' timed caravan demo
  du -sh "$folder/venv" "$folder/home"
fi
