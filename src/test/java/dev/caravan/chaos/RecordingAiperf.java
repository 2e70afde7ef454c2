package dev.caravan.chaos;

import dev.caravan.testing.FakeAiperf;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A fake aiperf that appends a line to a file when it starts and when it exits, so that executions
 * are known independently of Caravan. The model {@code fake-kills-caravan} kills the Caravan that
 * started it. It leaks a key in $CANARY_API_KEY into its artifacts.
 */
final class RecordingAiperf {

  private static final String SCRIPT =
      """
      #!/bin/sh
      # Records its start and exit and runs the fake aiperf.
      if [ "$1" = --version ]; then
        echo 0.13.0
        exit 0
      fi
      here=${0%/*}
      dir=none
      url=none
      model=none
      last=''
      for word; do
        case $last in
          --output-artifact-dir | --artifact-dir) dir=$word ;;
          --url | -u) url=$word ;;
          --model) model=$word ;;
        esac
        last=$word
      done
      # On a worker the folder is in the spool: record the name of the run instead.
      case $dir in
        */.caravan/spool/*) run=$(sed -n 's/^batch_name: //p' "${dir%/*}/config.yaml")/${dir##*/} ;;
        *) run=$dir ;;
      esac
      lifetime=${AIPERF_TEST_LIFETIME-0}
      printf 'start %s %s %s %s %s\\n' "$(date +%s%N)" "$$" "$lifetime" "$url" "$run" >> "$here/executions"
      # The kernel releases the lock when the last process of an execution has exited.
      exec 9> "$here/lock-${url##*:}"
      flock -n 9 || printf '%s %s %s\\n' "$(date +%s%N)" "$url" "$run" >> "$here/overlapping"
      if [ "$model" = fake-kills-caravan ]; then
        kill -s KILL "$PPID"
        exec sleep 600
      fi
      "$here/fake/aiperf" "$@"
      code=$?
      if [ -n "${CANARY_API_KEY-}" ] && [ -d "$dir" ]; then
        mkdir -p "$dir/logs"
        printf '{"headers":{"Authorization":"Bearer %s"}}\\n' "$CANARY_API_KEY" > "$dir/inputs.json"
        printf 'key %s\\n' "$CANARY_API_KEY" >> "$dir/logs/aiperf.log"
      fi
      printf 'end %s %s %s %s %s\\n' "$(date +%s%N)" "$$" "$lifetime" "$url" "$run" >> "$here/executions"
      exit $code
      """;

  private final Path folder;

  /**
   * One execution.
   *
   * @param lifetime that of the daemon that started it, which may be gone when this begins
   * @param end Unix time in nanoseconds; 0 when it has not exited by itself
   */
  record Execution(long start, long end, String pid, int lifetime, String url, String folder) {

    boolean ended() {
      return end > 0;
    }

    boolean overlaps(Execution other) {
      return ended() && other.ended() && start < other.end && other.start < end;
    }
  }

  /** Writes the script into a folder, with the fake aiperf in a subfolder. */
  RecordingAiperf(Path folder) {
    this.folder = folder;
    try {
      FakeAiperf.in(folder.resolve("fake"));
      Files.writeString(command(), SCRIPT);
      Files.setPosixFilePermissions(command(), PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path command() {
    return folder.resolve("aiperf");
  }

  /** All executions so far, in order of their start. */
  List<Execution> executions() {
    List<Execution> all = new ArrayList<>();
    for (String line : lines("executions")) {
      String[] part = line.split(" ", 6);
      long time = Long.parseLong(part[1]);
      if (part[0].equals("start")) {
        all.add(new Execution(time, 0, part[2], Integer.parseInt(part[3]), part[4], part[5]));
      } else {
        end(all, time, part);
      }
    }
    return all;
  }

  /** Pairs of executions on one target that ran at the same time. */
  List<String> overlaps() {
    List<String> found = new ArrayList<>();
    executions().stream()
        .collect(Collectors.groupingBy(Execution::url))
        .values()
        .forEach(
            ofTarget -> {
              for (int i = 1; i < ofTarget.size(); i++) {
                for (int j = Math.max(0, i - 8); j < i; j++) {
                  if (ofTarget.get(j).overlaps(ofTarget.get(i))) {
                    found.add(ofTarget.get(j) + " and " + ofTarget.get(i));
                  }
                }
              }
            });
    return found;
  }

  /**
   * Executions that started while a process of another execution on the same target was running,
   * including one that was killed and so has no recorded end.
   */
  List<String> overlappingStarts() {
    return lines("overlapping");
  }

  private static void end(List<Execution> all, long time, String[] part) {
    for (int i = all.size() - 1; i >= 0; i--) {
      Execution started = all.get(i);
      if (started.pid().equals(part[2]) && started.folder().equals(part[5])) {
        all.set(
            i,
            new Execution(
                started.start(),
                time,
                started.pid(),
                started.lifetime(),
                started.url(),
                started.folder()));
        return;
      }
    }
  }

  private List<String> lines(String name) {
    try {
      Path file = folder.resolve(name);
      return Files.exists(file) ? Files.readAllLines(file) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
