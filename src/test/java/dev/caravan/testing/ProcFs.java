package dev.caravan.testing;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds processes and their state through {@code /proc}. */
public final class ProcFs {

  private ProcFs() {}

  /** Running processes whose environment contains this text. */
  public static List<ProcessHandle> withEnvironment(String text) {
    return processes("environ", text);
  }

  /** Running processes whose command line contains this text. */
  public static List<ProcessHandle> withCommandLine(String text) {
    return processes("cmdline", text);
  }

  /** A file of a process in {@code /proc}; empty when it has exited or may not be read. */
  public static String text(long pid, String file) {
    try {
      byte[] bytes = Files.readAllBytes(Path.of("/proc", String.valueOf(pid), file));
      return new String(bytes, StandardCharsets.UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Whether a process is running; a zombie is not. */
  public static boolean isAlive(long pid) {
    String stat = text(pid, "stat");
    return !stat.isEmpty() && !stat.substring(stat.lastIndexOf(')')).startsWith(") Z");
  }

  /** Kills these processes, and those that they start meanwhile, and waits until none is alive. */
  public static void kill(Supplier<List<ProcessHandle>> processes) {
    await()
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              List<ProcessHandle> alive =
                  processes.get().stream().filter(each -> isAlive(each.pid())).toList();
              alive.forEach(ProcessHandle::destroyForcibly);
              return alive.isEmpty();
            });
  }

  /** Whether children of this JVM receive SIGINT; those of a background shell ignore it. */
  public static boolean receivesSigint() {
    return receives(2);
  }

  /** Whether children of this JVM receive SIGHUP; those under {@code nohup} ignore it. */
  public static boolean receivesSighup() {
    return receives(1);
  }

  private static boolean receives(int signal) {
    Optional<String> ignored =
        text(ProcessHandle.current().pid(), "status")
            .lines()
            .filter(line -> line.startsWith("SigIgn:"))
            .findFirst();
    long mask =
        ignored.map(line -> Long.parseUnsignedLong(line.substring(7).strip(), 16)).orElse(0L);
    return (mask >> (signal - 1) & 1) == 0;
  }

  private static List<ProcessHandle> processes(String file, String text) {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> text(process.pid(), file).contains(text))
        .toList();
  }
}
