# Part of the command caravan: the jars that users have added.

# Sets jars to the end of the class path: what users have added to the package and to the home.
find_jars() {
  jars=''
  [ "${target-}" ] || add_jars "$(dirname "$run")" # a release package
  lib=$home/lib
  [ "$(find "$lib/" -maxdepth 1 -name '*.jar' 2>/dev/null | head -n 1)" ] || return 0
  fault=$(unsafe_jars) || fault="cannot read it"
  if [ "$fault" ]; then
    echo "caravan: the jars in $lib are not used: $fault" >&2
  else
    add_jars "$lib"
  fi
}

# A jar is code: says why the home's may not be run. A class path cannot contain a colon: what follows one in the name
# of a jar would be another, unchecked jar.
unsafe_jars() {
  case $run$lib in
    *:*) echo 'the path has a colon' && return ;;
  esac
  if [ "$(find "$lib/" -maxdepth 1 -name '*:*.jar' 2>/dev/null | head -n 1)" ]; then
    echo 'the name of a jar has a colon' && return
  fi
  user=$(id -u)
  odd=$(
    find "$lib" -prune \( ! -type d -o ! -user "$user" -o -perm -020 -o -perm -002 \) &&
      find "$lib/" -maxdepth 1 -name '*.jar' \( ! -type f -o ! -user "$user" -o -perm -020 -o -perm -002 \)
  ) || return 1
  [ -z "$odd" ] || printf '%s must be yours, no link, and writable by nobody else (chmod go-w)\n' "${odd%%
*}"
}

add_jars() {
  set +f
  for found in "$1"/*.jar; do
    [ -f "$found" ] && [ "$found" != "$run" ] || continue
    case $run$found in
      *:*) echo "caravan: $found is not used: a class path cannot contain a colon" >&2 ;;
      *) jars=$jars:$found ;;
    esac
  done
  set -f
}
