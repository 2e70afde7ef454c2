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
 * A fake aiperf that appends a line to a file when it starts and when it ends, so that what was
 * really executed is known without asking Caravan. The model {@code fake-kills-caravan} ends the
 * Caravan that started it. A key in $CANARY_API_KEY it lets slip into its artifacts.
 */
final class RecordingAiperf {

  private static final String SCRIPT =
      """
      #!/bin/sh
      # Notes its start and its end, and does what the fake aiperf does.
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
      # On a worker the folder is one of its spool: note the run's name in its stead.
      case $dir in
        */.caravan/spool/*) run=$(sed -n 's/^batch_name: //p' "${dir%/*}/config.yaml")/${dir##*/} ;;
        *) run=$dir ;;
      esac
      life=0
      if [ -f "$here/life" ]; then read -r life < "$here/life"; fi
      printf 'start %s %s %s %s %s\\n' "$(date +%s%N)" "$$" "$life" "$url" "$run" >> "$here/executions"
      # The kernel frees the lock when the last process of an execution is gone, however it ended.
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
      printf 'end %s %s %s %s %s\\n' "$(date +%s%N)" "$$" "$life" "$url" "$run" >> "$here/executions"
      exit $code
      """;

  private final Path folder;

  /**
   * One execution.
   *
   * @param end nanoseconds since 1970; 0 when it did not come to its end
   */
  record Execution(long start, long end, String pid, int lifetime, String url, String folder) {

    boolean ended() {
      return end > 0;
    }

    boolean overlaps(Execution other) {
      return ended() && other.ended() && start < other.end && other.start < end;
    }
  }

  /** Puts it into a folder, with the real fake beside it. */
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

  /** Executions from now on belong to this life of the daemon. */
  void lifetime(int number) {
    try {
      Path beside = folder.resolve("life.new");
      Files.writeString(beside, number + "\n");
      Files.move(beside, folder.resolve("life"), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All executions so far, in order of their starts. */
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

  /** Pairs of executions of one target that ran at the same time, as words. */
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
   * Executions that began while a process of another one of their target was still there, also of
   * one that was killed and so has no end in the ledger.
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
