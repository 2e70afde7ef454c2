package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The processes that install into a virtual environment: venv, pip and uv. */
final class Installers {

  private static final long END_SECONDS = 10;
  private static final Set<String> MODULES = Set.of("venv", "ensurepip", "pip");

  private Installers() {}

  /** Ends those that outlived a setup that was killed: they would go on writing into the folder. */
  static void end(Path venv) throws InterruptedException {
    List<ProcessHandle> found =
        ProcessHandle.allProcesses().filter(process -> installsInto(venv, process)).toList();
    for (ProcessHandle process : found) {
      List<ProcessHandle> children = process.descendants().toList();
      process.destroyForcibly();
      children.forEach(ProcessHandle::destroyForcibly);
    }
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_SECONDS);
    while (found.stream().anyMatch(ProcessHandle::isAlive) && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static boolean installsInto(Path venv, ProcessHandle process) {
    List<String> arguments = arguments(process.pid());
    boolean ours =
        arguments.stream()
            .anyMatch(each -> each.equals(venv.toString()) || each.equals(venv + "/bin/python"));
    return ours
        && (runsModule(arguments, 1) || runsModule(arguments, 2) || runsUv(venv, arguments));
  }

  /**
   * Whether an installing module of Python is run here: second, or third after a script's shell.
   */
  private static boolean runsModule(List<String> arguments, int at) {
    return arguments.size() > at + 1
        && arguments.get(at).matches("-I?m")
        && MODULES.contains(arguments.get(at + 1));
  }

  /** Whether uv is run here: first, or second after a script's shell. */
  private static boolean runsUv(Path venv, List<String> arguments) {
    return arguments.stream().limit(2).anyMatch(Uv.program(venv).toString()::equals);
  }

  /** The arguments as they were given; {@link ProcessHandle.Info} has links resolved. */
  private static List<String> arguments(long pid) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "cmdline"));
      return Arrays.asList(new String(line, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException e) {
      return List.of(); // it has ended, or belongs to somebody else
    }
  }
}
