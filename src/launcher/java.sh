# Part of the command caravan: finds a Java.

# All java programs on this machine, one per line, the user's choice first.
javas() {
  if [ -n "${JAVA_HOME-}" ]; then
    printf '%s\n' "$JAVA_HOME/bin/java"
  fi
  command -v java || true
  set +f
  for java in /usr/lib/jvm/*/bin/java; do
    printf '%s\n' "$java"
  done
  set -f
}

# Sets java_home and java_major for a java. Reads its release file, which is faster than running it.
inspect() {
  java_home=$(dirname "$(dirname "$(readlink -f "$1")")")
  if [ -r "$java_home/release" ]; then
    java_version=$(sed -n 's/^JAVA_VERSION="\([^"]*\)".*/\1/p' "$java_home/release")
  else
    settings=$("$1" -XshowSettings:properties -version 2>&1 </dev/null) || return 1
    java_home=$(printf '%s\n' "$settings" | sed -n 's/^ *java\.home = //p')
    java_version=$(printf '%s\n' "$settings" | sed -n 's/^ *java\.version = //p')
  fi
  java_major=${java_version%%[!0-9]*}
  [ -n "$java_major" ] && is_whole
}

# One that jlink made may lack modules, which its release file lists. Camel needs this one.
is_whole() {
  ! grep -q '^MODULES=' "$java_home/release" 2>/dev/null ||
    grep -q '^MODULES=.*[" ]java\.sql[" ]' "$java_home/release"
}

# Sets java_home to the first Java 17 or newer; with "jdk", to one that can compile.
find_java() {
  found=$(javas)
  old_ifs=$IFS
  IFS='
'
  for java in $found; do
    if [ -x "$java" ] && inspect "$java" && [ "$java_major" -ge 17 ] &&
      { [ "$1" != jdk ] || [ -x "$java_home/bin/javac" ]; }; then
      IFS=$old_ifs
      return 0
    fi
  done
  IFS=$old_ifs
  return 1
}

# What is missing, and what to do about it.
java_advice() {
  wrong=''
  [ -z "${JAVA_HOME-}" ] || wrong=", with all modules, which JAVA_HOME ($JAVA_HOME) is not"
  printf '17 or newer%s: %s\n' "$wrong" "$(install_command)"
}

install_command() {
  ids=$(sed -n 's/^ID=//p; s/^ID_LIKE=//p' /etc/os-release 2>/dev/null |
    tr -d "\"'" | tr '\n' ' ') || ids=''
  case " $ids " in
    *' ubuntu '*) echo 'sudo apt-get install -y openjdk-17-jdk-headless' ;;
    *' debian '*) echo 'sudo apt-get install -y default-jdk-headless' ;;
    *' fedora '* | *' rhel '* | *' centos '*) echo 'sudo dnf install -y java-21-openjdk-devel' ;;
    *' arch '*) echo 'sudo pacman -S --needed jdk17-openjdk' ;;
    *' alpine '*) echo 'sudo apk add openjdk17-jdk' ;;
    *' suse '* | *' opensuse '* | *' sles '*) echo 'sudo zypper install java-17-openjdk-devel' ;;
    *) echo 'install a JDK, version 17 or newer, and set JAVA_HOME' ;;
  esac
}
