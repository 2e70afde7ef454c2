package dev.caravan.pipeline.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How one aiperf run is really started. */
public sealed interface AiperfCommand {

  /**
   * What aiperf's stdout holds once it can take SIGINT; before that it hangs on it (measured on
   * 0.13.0: 14 of 15 tries). For {@link Launch#interruptibleFrom(String)}.
   */
  String TAKES_INTERRUPT = "AIPerf System is PROFILING";

  /**
   * A command to start.
   *
   * @param argv program and arguments; holds the key only when it is passed as an argument
   * @param environment variables to add to {@link AiperfEnvironment}'s; may hold the key
   * @param executed argv for the records, in which the key is never more than its name
   */
  record Ready(List<String> argv, Map<String, String> environment, List<String> executed)
      implements AiperfCommand {

    public Ready {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
      executed = List.copyOf(executed);
    }

    /** Without what may hold the key. */
    @Override
    public String toString() {
      return String.join(" ", executed);
    }
  }

  /**
   * It cannot be started in a way that keeps the key safe.
   *
   * @param message why, and what to do about it
   */
  record Refused(String message) implements AiperfCommand {}

  /**
   * The command for one run.
   *
   * <p>Where the interpreter is known and the key is not left to a wrapper, aiperf is started
   * through a small launcher, which makes it end when this JVM does. With {@link
   * KeyPassing#LAUNCHER} that also hands over the key: it comes in a variable of the launcher's
   * own, which only the same user (and root) could read in {@code /proc/<pid>/environ}, and is
   * wiped there before aiperf is imported.
   *
   * @param arguments as for {@code aiperf} itself, so the first one is {@code profile}
   */
  static AiperfCommand of(
      AiperfInstall.Usable install,
      List<String> arguments,
      Optional<Secret> key,
      KeyPassing passing) {
    boolean launched = install.interpreter().isPresent() && passing != KeyPassing.ENVIRONMENT;
    if (key.isPresent() && passing == KeyPassing.LAUNCHER && !launched) {
      return new Refused(Launcher.noInterpreter(install.command(), key.get()));
    }
    List<String> argv = new ArrayList<>();
    Map<String, String> environment = new HashMap<>();
    if (launched) {
      argv.addAll(List.of(install.interpreter().get().toString(), "-c", Launcher.SOURCE));
      environment.put(Launcher.PARENT, Long.toString(ProcessHandle.current().pid()));
    } else {
      argv.add(install.command().toString());
    }
    argv.addAll(arguments);
    key.ifPresent(secret -> Launcher.pass(secret, passing, argv, environment));
    return new Ready(argv, environment, Launcher.named(argv, key));
  }
}
