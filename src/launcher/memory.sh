# Part of the command caravan: how much memory Java may count on.

# Sets memory to the option for a host with more than 32 GB. Java sizes its heap by the memory of the host: with 1 TB, as
# GPU hosts have, 1,500 runs take 3 GB instead of 0.4 (measured). With the option the heap is at most 8 GB. Elsewhere it
# would make Java count on more than there is, since it replaces what Java finds out. Java 26 warns of it.
bound_memory() {
  memory=''
  if [ "$java_major" -lt 26 ] && host_is_large && ! is_limited; then
    memory='-XX:MaxRAM=32g'
  fi
}

host_is_large() {
  read -r _ total _ 2>/dev/null </proc/meminfo || return 1
  [ "$total" -gt 33554432 ]
}

# Whether a control group, of version 1 or 2, limits the memory of this process to 32 GB or less.
is_limited() {
  group=$(sed -n 's/^[0-9]*:memory://p' /proc/self/cgroup 2>/dev/null) || group=''
  [ "$group" ] || group=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null) || group=''
  case $group in
    /*) ;;
    *) group='' ;;
  esac
  while true; do
    for file in "/sys/fs/cgroup$group/memory.max" "/sys/fs/cgroup/memory$group/memory.limit_in_bytes"; do
      limit=$(cat "$file" 2>/dev/null) || limit=''
      case $limit in
        '' | *[!0-9]*) ;; # none
        *) [ "$limit" -gt 34359738368 ] || return 0 ;;
      esac
    done
    [ "${group%/}" ] || return 1
    group=${group%/*}
  done
}
