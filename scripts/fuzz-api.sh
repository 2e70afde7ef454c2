#!/bin/sh
# Calls the HTTP API with generated requests (schemathesis from PyPI) against a daemon of its own with one batch, and
# fails on status 500, on replies that the OpenAPI document does not describe, and on a daemon that is unhealthy
# afterwards. It calls with generated names, which mostly do not exist, and then with those of the batch.
#   scripts/fuzz-api.sh [SECONDS]     default 300; needs what ./caravan needs, curl, python3 and, once, access to PyPI
# CI does not run it: it must not fail where PyPI cannot be reached.
set -eu
cd "$(dirname "$0")/.."

seconds=${1:-300}
work=$(mktemp -d)
daemon=''
stop() {
  [ -z "$daemon" ] || { kill "$daemon" && wait "$daemon"; } 2>/dev/null || true
  rm -rf "$work"
}
trap stop EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

venv=target/schemathesis
[ -x "$venv/bin/schemathesis" ] || {
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q 'schemathesis==4.*'
}

# The batch: its runs fail at once, so that they have dead letters too.
mkdir -p "$work/home/inbox"
printf '%s\n' '#!/bin/sh' '[ "$1" = --version ] && echo 0.13.0 && exit' 'exit 1' >"$work/aiperf"
chmod +x "$work/aiperf"
cat >"$work/home/inbox/fuzzed.yaml" <<'END'
batch_name: fuzzed
base_config: {model: m, url: "http://127.0.0.1:9", health_check_endpoint: none, warmup_request_count: 1, benchmark_duration: 1}
sweeps: {concurrency: [1, 2]}
readiness: {preflight: false}
retry: {attempts: 1}
END

./caravan --version >/dev/null # builds the jar if it is missing or old
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
url=http://127.0.0.1:$port
CARAVAN_HTTP_PORT=$port CARAVAN_DISK_MIN_FREE=1MB CARAVAN_LOCKS_DIR=$work/locks CARAVAN_AIPERF_COMMAND=$work/aiperf \
  CARAVAN_AIPERF_KEY_PASSING=environment ./caravan serve --home "$work/home" >"$work/log" 2>&1 &
daemon=$!
for _ in $(seq 600); do
  time=$(sed -n 's|.*\[fuzzed/\([0-9_]*\)\] Finished.*|\1|p' "$work/log")
  [ -z "$time" ] || break
  sleep 0.2
done
[ -n "$time" ] || { cat "$work/log" >&2; exit 1; }

: >"$work/generated.toml"
cat >"$work/known.toml" <<END
[parameters]
"path.name" = "fuzzed"
"path.time" = "$time"
"path.index" = 0
"query.batches" = "fuzzed%2F$time"
[[operations]]
include-path = "/api/v1/batches/{name}/{time}/files/{file}"
parameters = {"path.file" = "summary.json"}
[[operations]]
include-path = "/api/v1/dead-letters/{file}/retry"
parameters = {"path.file" = "fuzzed.$time.0.yaml"}
[[operations]]
include-path = "/api/v1/find"
parameters = {"query.name" = "fuzzed"}
END

result=0
for names in generated known; do
  status=0
  timeout "$((seconds / 2))" "$venv/bin/schemathesis" --config-file "$work/$names.toml" run "$url/api/v1/openapi.yaml" \
    --url "$url" --exclude-path /api/v1/events --max-examples 40 --workers 2 --seed 1 --request-timeout 15 \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --generation-database none || status=$?
  case $status in
    0) ;;
    124) echo "the time was up: not all was called with $names names" >&2 ;;
    *) result=1 ;;
  esac
done
curl -sf "$url/observe/health/live" >/dev/null || result=1
! grep -n 'Request failed' "$work/log" || result=1
exit "$result"
