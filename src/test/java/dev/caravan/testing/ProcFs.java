package dev.caravan.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What {@code /proc} tells of the processes of this machine. */
public final class ProcFs {

  private ProcFs() {}

  /** Living processes in whose environment this text stands. */
  public static List<ProcessHandle> whoseEnvironmentHolds(String text) {
    return whose("environ", text);
  }

  /** Living processes in whose command line this text stands. */
  public static List<ProcessHandle> whoseCommandHolds(String text) {
    return whose("cmdline", text);
  }

  /** The text of one file of a process; empty when it has ended or is not ours to look at. */
  public static String text(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), file));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether a process runs; one that has ended and waits for its parent does not. */
  public static boolean lives(long pid) {
    String stat = text(pid, "stat");
    return !stat.isEmpty() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
  }

  /** Whether children of this JVM hear SIGINT; those of a background shell do not. */
  public static boolean hearsInterrupts() {
    Optional<String> ignored =
        text(ProcessHandle.current().pid(), "status")
            .lines()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst();
    return (ignored.map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16)).orElse(0L)
            & 2)
        == 0;
  }

  private static List<ProcessHandle> whose(String file, String text) {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> text(process.pid(), file).contains(text))
        .toList();
  }
}
