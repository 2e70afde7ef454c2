package dev.caravan.pipeline.process;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The command that actually starts one aiperf run. */
public sealed interface AiperfCommand {

  /**
   * Text that appears on aiperf's stdout once it handles SIGINT. Before that, SIGINT makes it hang
   * (measured on 0.13.0: 14 of 15 tries). For {@link Launch#interruptibleAfter(String)}.
   */
  String INTERRUPT_MARKER = "AIPerf System is PROFILING";

  /**
   * A command to start.
   *
   * @param argv program and arguments; contains the API key only if it is passed as an argument
   * @param environment variables to add to {@link AiperfEnvironment}'s; may contain the key
   * @param executed argv for the result files, with the key replaced by its variable's name
   */
  record Ready(List<String> argv, Map<String, String> environment, List<String> executed)
      implements AiperfCommand {

    public Ready {
      argv = List.copyOf(argv);
      environment = Map.copyOf(environment);
      executed = List.copyOf(executed);
    }

    /** Leaves out {@code argv} and {@code environment}, which may contain the key. */
    @Override
    public String toString() {
      return String.join(" ", executed);
    }
  }

  /**
   * The run cannot be started without exposing the key.
   *
   * @param message the reason and what to do about it
   */
  record Refused(String message) implements AiperfCommand {}

  /**
   * Builds the command for one run.
   *
   * <p>If the interpreter is known and the key is not left to a wrapper, aiperf starts through a
   * small launcher, which makes it end when this JVM does. With {@link KeyPassing#LAUNCHER} the
   * launcher also passes the key to aiperf. It gets the key in a private variable that only the
   * same user (and root) can read in {@code /proc/<pid>/environ}, and wipes it there before it
   * imports aiperf.
   *
   * @param arguments the arguments of {@code aiperf} itself, starting with {@code profile}
   */
  static AiperfCommand of(
      AiperfInstall.Usable install,
      List<String> arguments,
      Optional<Secret> secret,
      KeyPassing passing) {
    boolean useLauncher = install.interpreter().isPresent() && passing != KeyPassing.ENVIRONMENT;
    if (secret.isPresent() && passing == KeyPassing.LAUNCHER && !useLauncher) {
      return new Refused(Launcher.noInterpreterMessage(install.command(), secret.get()));
    }
    List<String> argv = new ArrayList<>();
    Map<String, String> environment = new HashMap<>();
    if (useLauncher) {
      argv.addAll(List.of(install.interpreter().get().toString(), "-c", Launcher.SOURCE));
      environment.put(Launcher.PARENT, Long.toString(ProcessHandle.current().pid()));
    } else {
      argv.add(install.command().toString());
    }
    argv.addAll(arguments);
    secret.ifPresent(value -> Launcher.pass(value, passing, argv, environment));
    return new Ready(argv, environment, Launcher.redact(argv, secret));
  }
}
