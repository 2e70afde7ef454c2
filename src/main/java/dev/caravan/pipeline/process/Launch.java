package dev.caravan.pipeline.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One process to start.
 *
 * @param argv program and arguments, never through a shell
 * @param environment the whole environment of the process; nothing else is inherited
 * @param directory its working directory
 * @param stdout file that takes its standard output as it comes
 * @param stderr file that takes its standard error as it comes
 * @param temp its private temporary folder, which must not be there yet; set as TMPDIR, removed
 *     when the process tree is gone
 * @param limit wall time after which the tree is ended
 * @param interruptGrace how long SIGINT may take before SIGKILL; zero is SIGKILL at once
 * @param interruptibleFrom text that stdout holds once the process can take SIGINT; before that it
 *     is ended by SIGKILL at once. Empty when it can take SIGINT from the start
 * @param watch looks after it while it runs; empty when nobody does, which costs nothing
 */
public record Launch(
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    Path stdout,
    Path stderr,
    Path temp,
    Duration limit,
    Duration interruptGrace,
    Optional<String> interruptibleFrom,
    Optional<Watchdog> watch) {

  public Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /** A process that can take SIGINT from the start and is not watched. */
  public Launch(
      List<String> argv,
      Map<String, String> environment,
      Path directory,
      Path stdout,
      Path stderr,
      Path temp,
      Duration limit,
      Duration interruptGrace) {
    this(
        argv,
        environment,
        directory,
        stdout,
        stderr,
        temp,
        limit,
        interruptGrace,
        Optional.empty(),
        Optional.empty());
  }

  /** The same, but ended by SIGKILL at once for as long as stdout lacks {@code text}. */
  public Launch interruptibleFrom(String text) {
    return with(Optional.of(text), watch);
  }

  /** The same, but looked after by {@code keeper}. */
  public Launch watchedBy(Watchdog keeper) {
    return with(interruptibleFrom, Optional.of(keeper));
  }

  private Launch with(Optional<String> text, Optional<Watchdog> keeper) {
    return new Launch(
        argv, environment, directory, stdout, stderr, temp, limit, interruptGrace, text, keeper);
  }
}
