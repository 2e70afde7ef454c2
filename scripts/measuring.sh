# For scripts that measure, to be sourced: waits that end, and the end of what they started.
# shellcheck shell=bash

started=() # pids

# Says why nothing can be measured, with the end of a log if one is given.
give_up() { # message, log
  echo "${0##*/}: $1" >&2
  [ -z "${2:-}" ] || tail -n 20 "$2" >&2
  exit 1
}

# Waits until a command succeeds; gives up after so many seconds, or when something that was started has ended.
await() { # seconds, what is awaited, log (may be empty), command
  local end=$((SECONDS + $1)) what=$2 log=$3 pid
  shift 3
  until "$@"; do
    [ "$SECONDS" -lt "$end" ] || give_up "waited in vain for $what" "$log"
    for pid in "${started[@]}"; do
      kill -0 "$pid" 2>/dev/null || give_up "process $pid has ended while this waited for $what" "$log"
    done
    sleep "${poll:-0.1}"
  done
}

lines() { # file, text, count: whether so many lines or more contain the text
  [ "$(grep -c -e "$2" "$1" 2>/dev/null)" -ge "$3" ] 2>/dev/null
}

# Ends all that was started, by force after 30 s.
end_started() {
  local pid round
  [ "${#started[@]}" -gt 0 ] || return 0
  kill "${started[@]}" 2>/dev/null || true
  for round in {1..300}; do
    kill -0 "${started[@]}" 2>/dev/null || break
    sleep 0.1
  done
  kill -9 "${started[@]}" 2>/dev/null || true
  wait "${started[@]}" 2>/dev/null || true
}
