# Part of the command caravan: an archive of the classes that it loads, so that it starts sooner.

# Java says nothing about an archive that it cannot use.
quiet_archive='-Xshare:auto -Xlog:cds=off -Xlog:cds+dynamic=off -Xlog:class+path=off'

# Sets archive to a file of classes that Java need not parse again, which saves a third of the CPU time of a start; to
# nothing if there is none. Long commands make it, by a hub that runs one config.
class_archive() {
  cache=''
  stamp=$(stat -c '%Y-%s' "$run")
  name=${run##*/}
  name=${name%.jar}-java
  folder=$(dirname "$run")
  prefix=$folder/$name$java_version-$stamp
  if find_archive; then return; fi
  if [ ! -w "$folder" ]; then
    cached_archive || return 0
  fi
  [ ! -e "$prefix-0.jsa" ] || return 0
  case " $* " in
    *' --help '* | *' -h '*) return 0 ;;
  esac
  case $command in
    setup | serve | run | demo) make_archive && tidy_cache && find_archive || true ;;
  esac
}

# Where the folder of the jar is read-only: a folder for it in the user's cache, in which nobody else may write, since an
# archive is code. Fails if there is nothing left to do.
cached_archive() {
  case ${XDG_CACHE_HOME-} in
    /*) cache=$XDG_CACHE_HOME ;;
    *) cache=${HOME:-/nonexistent}/.cache ;;
  esac
  folder=$cache/caravan/classes$(printf '%s' "$folder" | tr / _)
  if [ -e "$folder" ]; then
    is_private "$folder" || return 1
  fi
  prefix=$folder/$name$java_version-$stamp
  ! find_archive
}

# Of the user, writable by nobody else, and no link, which everybody could write.
is_private() {
  [ -O "$1" ] && [ -z "$(find "$1" -prune -perm /022)" ]
}

# In the cache, a link beside the archives leads to their jar. Archives whose jar is gone are removed, a day after they
# were made at the earliest: the jar may be on a disk that is not mounted, or in another container.
tidy_cache() {
  [ "$cache" ] || return 0
  ln -sfn "$run" "$folder/jar"
  set +f
  for other in "$cache"/caravan/classes_*; do
    if [ -L "$other/jar" ] && [ ! -e "$other/jar" ] && is_private "$other" &&
      [ "$(find "$other" -prune -mtime +0)" ]; then
      rm -f "$other"/caravan*-java*.jsa "$other"/caravan*-java*.new "$other/jar"
      rmdir "$other" 2>/dev/null || true
    fi
  done
  set -f
}

# The name of an archive ends in its size, since Java 17 crashes over one that was cut off.
find_archive() {
  archive=''
  set +f
  for found in "$prefix"-*.jsa; do
    if [ -s "$found" ] && [ "$found" = "$prefix-$(stat -c %s "$found").jsa" ]; then
      archive=$found
    fi
  done
  set -f
  [ "$archive" ]
}

# Lists the classes that a hub loads while it runs a config. Nobody can reach its broker; its pages have a free port, and
# are the service of the run.
list_classes() {
  make_aiperf
  # shellcheck disable=SC2086 # options must be split
  env -i PATH="$PATH" LC_ALL="${LC_ALL-C.UTF-8}" CARAVAN_AIPERF_COMMAND="$aiperf" CARAVAN_LOCKS_DIR="$scratch" \
    CARAVAN_HTTP_PORT=0 CARAVAN_BROKER=embedded CARAVAN_INBOX_SETTLE=0s CARAVAN_DISK_MIN_FREE=1MB \
    timeout -k 10 120 "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $memory $quiet_archive \
    -XX:DumpLoadedClassList="$scratch/classes" -Djava.io.tmpdir="$scratch" \
    -jar "$run" serve --home "$scratch" >"$scratch/log" 2>&1 </dev/null &
  child=$!
  set +f
  looks=0
  while [ "$looks" -lt 500 ] && kill -0 "$child" 2>/dev/null &&
    ! ls "$scratch"/aiperf_results/*/*/report.html >/dev/null 2>&1; do
    sleep 0.1
    give_config
    looks=$((looks + 1))
  done
  set -f
  stop_child
}

# Sets aiperf to a script in place of aiperf that succeeds at once. Where it may not run, the run fails, which loads less.
make_aiperf() {
  aiperf=$scratch/aiperf
  cat >"$aiperf" <<'END'
#!/bin/sh
[ "$1" != --version ] || { echo 0.13.0; exit; }
until [ "$1" = --output-artifact-dir ]; do shift; done
echo '{"schema_version": "1.4", "is_complete": true, "was_cancelled": false,
  "request_count": {"unit": "requests", "avg": 10}}' >"$2/profile_export_aiperf.json"
END
  chmod +x "$aiperf"
  "$aiperf" --version >/dev/null 2>&1 || aiperf=/bin/true
}

# Drops the config once the hub has said where its pages are.
give_config() {
  pages=$(sed -n 's/.*Pages: //p' "$scratch/log" 2>/dev/null) || pages=''
  if [ ! "$pages" ] || [ -e "$scratch/config.yaml" ]; then
    return
  fi
  cat >"$scratch/config.yaml" <<END
base_config:
  model: none
  tokenizer: builtin
  url: ${pages%/}
  health_check_endpoint: /
  concurrency: 1
  warmup_request_count: 1
  benchmark_duration: 1
readiness: {preflight: false}
retry: {attempts: 1}
END
  cp "$scratch/config.yaml" "$scratch/inbox/.config"
  mv "$scratch/inbox/.config" "$scratch/inbox/config.yaml"
}

# One process that both loads and archives classes leaves out those of old compilers, as picocli's.
archive_classes() {
  # shellcheck disable=SC2086 # the option may be absent
  timeout -k 10 120 "$java_home/bin/java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC $memory -Xshare:dump \
    -XX:SharedClassListFile="$scratch/classes" -XX:SharedArchiveFile="$new" -jar "$run" \
    >/dev/null 2>&1 </dev/null &
  child=$!
  wait "$child" || true
  child=''
}

stop_child() {
  [ -z "$child" ] || kill "$child" 2>/dev/null || true
  wait || true
  child=''
}

# Whether another start of Caravan is making this archive. It takes 10 s or so, at most 5 minutes, and twenty workers that
# start at once need but one.
is_being_made() {
  beginnings=$(find "$folder" -maxdepth 1 -name "${prefix##*/}.*.new" -mmin -5 2>/dev/null)
  [ "$beginnings" ]
}

# Leaves an empty archive where Java makes none, so that this is not tried again.
make_archive() {
  mkdir -p -m 700 "$folder" 2>/dev/null && [ -w "$folder" ] && ! is_being_made || return 1
  new=$prefix.$$.new
  touch "$new" 2>/dev/null && scratch=$(mktemp -d 2>/dev/null) || { rm -f "$new"; return 1; }
  child=''
  trap 'stop_child; rm -rf "$scratch" "$new"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [ ! -t 2 ] || echo 'caravan: preparing faster starts, once' >&2
  remove_stale_archives
  mkdir "$scratch/inbox"
  list_classes
  archive_classes
  sync "$new" 2>/dev/null || sync
  mv -f "$new" "$prefix-$(stat -c %s "$new").jsa"
  rm -rf "$scratch"
  trap - EXIT HUP INT TERM
}

# Those of other jars, of cut off copies, and what a kill left of making one.
remove_stale_archives() {
  set +f
  for old in "$folder/$name"*; do
    case $old in
      *"-$stamp-"*.jsa) ;;
      *) [ -n "$(find "$old" -mmin -10 2>/dev/null)" ] || rm -f "$old" ;;
    esac
  done
  rm -f "$prefix"-*.jsa
  set -f
}
