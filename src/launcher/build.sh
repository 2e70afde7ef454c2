# Part of the command caravan, in a checkout only: builds the jar when it is missing or older than its sources.

# A build that was interrupted leaves its start, and perhaps a jar without the libraries.
is_current() {
  [ -f "$jar" ] && [ ! -e "$target/build.start" ] &&
    [ -z "$(find "$top/pom.xml" "$top/src/main" "$top/routes" -newer "$jar" 2>/dev/null | head -n 1)" ]
}

announce_wait() {
  echo "caravan: waiting for another build of target/caravan.jar" >&2
}

# One build at a time: by flock, or else by a lock folder with the pid of its holder.
lock_build() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>"$target/build.lock"
    flock -n 9 || { announce_wait; flock 9; }
    return
  fi
  announced=''
  until mkdir "$target/build.lock.d" 2>/dev/null; do
    [ "$announced" ] || { announce_wait; announced=yes; }
    holder=$(cat "$target/build.lock.d/pid" 2>/dev/null) || holder=''
    if [ -n "$holder" ] && ! kill -0 "$holder" 2>/dev/null; then
      rm -rf "$target/build.lock.d"
    else
      sleep 1
    fi
  done
  trap 'rm -rf "$target/build.lock.d"' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  echo $$ >"$target/build.lock.d/pid"
}

unlock_build() {
  if command -v flock >/dev/null 2>&1; then
    exec 9>&-
  else
    rm -rf "$target/build.lock.d"
    trap - EXIT HUP INT TERM
  fi
}

# Sets the jar's time to the start of the build, so that later changes to sources count as newer.
build() {
  find_java jdk || fail "building the jar needs a JDK, version $(java_advice)"
  mkdir -p "$target"
  lock_build
  if ! is_current; then
    echo "caravan: building target/caravan.jar, output in target/build.log" >&2
    : >"$target/build.start"
    if ! (cd "$top" && JAVA_HOME=$java_home ./mvnw -q -B -DskipTests package) \
      >"$target/build.log" 2>&1 </dev/null; then
      tail -n 40 "$target/build.log" >&2
      fail "the build failed; the full output is in $target/build.log"
    fi
    [ -f "$jar" ] || fail "the build produced no target/caravan.jar; see $target/build.log"
    touch -r "$target/build.start" "$jar"
    rm -f "$target/build.start"
  fi
  unlock_build
}

# Java reads its jar while it runs, so it runs from a copy that later builds do not overwrite.
# Copies that no process has open are deleted when a new one is made.
copy_to_run() {
  run=$target/run/caravan-$(stat -c '%y-%s' "$jar" | tr -cd '0-9-').jar
  if [ -f "$run" ]; then
    return
  fi
  if ! mkdir -p "$target/run" 2>/dev/null || ! cp "$jar" "$run.$$" 2>/dev/null; then
    run=$jar
    return
  fi
  mv -f "$run.$$" "$run"
  set +f
  for copy in "$target"/run/caravan-*; do
    if [ "$copy" != "$run" ] && [ -z "$(find "$copy" -mmin -10 2>/dev/null)" ] && ! is_open "$copy"; then
      rm -f "$copy"
    fi
  done
  set -f
}

# Not all systems have a readlink that accepts several names.
is_open() {
  # shellcheck disable=SC2010 # the link targets are needed, not the file names
  ls -l /proc/[0-9]*/fd 2>/dev/null | grep -qF " $1"
}
