#!/bin/sh
# Builds what is published, into target/packages: caravan-<version>.tar.gz, the wheel aiperf_caravan,
# the bill of materials (CycloneDX), THIRD-PARTY.txt, and SHA256SUMS.
# usage: scripts/package.sh [--wheel]
#   --wheel  only the wheel, from the jar that is in target/, without THIRD-PARTY.txt
set -eu

only_wheel=''
case "${1-}" in
  --wheel) only_wheel=yes ;;
  '') ;;
  *) sed -n '2,5s/^# //p' "$0" >&2; exit 2 ;;
esac

cd "$(dirname "$0")/.."
packages=target/packages
third_party=target/third-party
version=$(sed -n 's|^  <version>\(.*\)</version>$|\1|p' pom.xml | head -n 1)
aiperf=$(sed -n 's|^ *<aiperf.version>\(.*\)</aiperf.version>$|\1|p' pom.xml)
python=$(command -v python3) || { echo "package.sh: needs python3" >&2; exit 2; }

# Licence texts end up in one file: the jar keeps one file of a name.
collect_third_party() {
  rm -rf "$third_party" target/third-party-texts
  mkdir -p "$third_party"
  texts='META-INF/LICENSE*,META-INF/license*,META-INF/NOTICE*,META-INF/notice*,META-INF/DEPENDENCIES'
  texts="$texts,META-INF/licenses/**,META-INF/resources/webjars/*/*/LICENSE*,LICENSE*,license*,NOTICE*,about.html"
  ./mvnw -q -B org.cyclonedx:cyclonedx-maven-plugin:2.9.1:makeBom -Dcyclonedx.skipAttach=true \
    -DincludeTestScope=false -DoutputFormat=json -DoutputName=caravan.cdx \
    -DoutputDirectory="$PWD/$third_party" </dev/null
  ./mvnw -q -B org.apache.maven.plugins:maven-dependency-plugin:3.9.0:unpack-dependencies \
    -DincludeScope=runtime -Dmdep.useSubDirectoryPerArtifact=true -Dmdep.unpack.includes="$texts" \
    -DmarkersDirectory="$PWD/target/third-party-texts" -DoutputDirectory="$PWD/target/third-party-texts" </dev/null
  "$python" scripts/third-party.py "$third_party/caravan.cdx.json" target/third-party-texts \
    src/package/notices.txt \
    "$third_party/THIRD-PARTY.txt"
}

build_wheel() {
  wheel=target/wheel
  rm -rf "$wheel"
  mkdir -p "$wheel"
  cp -R src/package/wheel/. "$wheel"
  mkdir "$wheel/aiperf_caravan/bin" "$wheel/aiperf_caravan/lib"
  cp caravan "$wheel/aiperf_caravan/bin/"
  cp target/caravan.jar src/launcher/*.sh "$wheel/aiperf_caravan/lib/"
  rm "$wheel/aiperf_caravan/lib/build.sh"
  cp LICENSE "$wheel/"
  [ ! -f "$third_party/THIRD-PARTY.txt" ] || cp "$third_party/THIRD-PARTY.txt" "$wheel/"
  # As PEP 440 writes it.
  python_version=$(printf '%s' "$version" | sed 's/-SNAPSHOT$/.dev0/')
  sed -i "s/@version@/$python_version/; s/@aiperf@/$aiperf/" "$wheel/pyproject.toml"
  find "$wheel" -name __pycache__ -prune -exec rm -rf {} +
  [ -x target/wheel-venv/bin/pip ] || "$python" -m venv target/wheel-venv
  target/wheel-venv/bin/pip -q --disable-pip-version-check wheel --no-deps -w "$packages" "$wheel"
}

rm -rf "$packages"
mkdir -p "$packages"
if [ -n "$only_wheel" ]; then
  build_wheel
  exit
fi
collect_third_party
./mvnw -q -B -DskipTests package </dev/null
cp "target/caravan-$version.tar.gz" "$packages/"
cp "$third_party/caravan.cdx.json" "$packages/caravan-$version.cdx.json"
cp "$third_party/THIRD-PARTY.txt" "$packages/"
build_wheel
(cd "$packages" && sha256sum -- * >../SHA256SUMS && mv ../SHA256SUMS .)
ls -l "$packages"
