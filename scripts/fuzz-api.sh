#!/bin/sh
# Calls the HTTP API with generated requests (schemathesis from PyPI) against a daemon of its own, and fails on
# status 500, on replies that the OpenAPI document does not describe, and on a daemon that is unhealthy afterwards.
#   scripts/fuzz-api.sh [SECONDS]        default 120; needs ./mvnw package, curl, python3 and, once, access to PyPI
# CI does not run it: it must not fail where PyPI cannot be reached.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-120}
work=$(mktemp -d)
daemon=''
stop() {
  [ -z "$daemon" ] || kill "$daemon" 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT

venv=target/schemathesis
[ -x "$venv/bin/schemathesis" ] || {
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q 'schemathesis==4.*'
}

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
CARAVAN_HTTP_PORT=$port CARAVAN_DISK_MIN_FREE=1MB ./caravan serve --home "$work/home" >"$work/log" 2>&1 &
daemon=$!
for _ in $(seq 100); do
  curl -sf "$url/observe/health/live" >/dev/null && break
  sleep 0.2
done

result=0
timeout "$seconds" "$venv/bin/schemathesis" run "$url/api/v1/openapi.yaml" --url "$url" --exclude-path /api/v1/events \
  --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
  --max-examples 40 --workers 2 --seed 1 --request-timeout 15 --generation-database none || result=$?
[ "$result" -ne 124 ] || result=0 # the time was up
curl -sf "$url/observe/health/live" >/dev/null || result=1
! grep -n 'Request failed' "$work/log" || result=1
exit "$result"
