# Reads lines "+ pid temp" (add) and "- pid temp" (remove). When its input ends, its parent has died:
# it then kills the process groups still listed and every process with one of their folders as TMPDIR.
trap '' HUP INT TERM
new_line='
'
noted=$new_line
while read -r sign line; do
  case "$sign" in
    +) noted="$noted$line$new_line" ;;
    -) case "$noted" in
         *"$new_line$line$new_line"*)
           noted="${noted%%"$new_line$line$new_line"*}$new_line${noted#*"$new_line$line$new_line"}" ;;
       esac ;;
  esac
done
printf '%s' "$noted" | while read -r pid temp; do
  [ -n "$pid" ] || continue
  kill -s KILL -- "-$pid" || kill -s KILL "$pid" # it has no group until setsid runs
  for process in /proc/[0-9]*; do
    grep -qzxF "TMPDIR=$temp" "$process/environ" && kill -s KILL "${process#/proc/}"
  done
done
