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
 * @param environment the complete environment of the process; nothing else is inherited
 * @param directory its working directory
 * @param stdout file for its standard output
 * @param stderr file for its standard error
 * @param temp its private temporary folder, which must not exist yet; passed as TMPDIR and removed
 *     once the process tree is gone
 * @param limit run time after which the tree is killed
 * @param interruptGrace time between SIGINT and SIGKILL; zero means SIGKILL at once
 * @param interruptMarker text that appears on stdout once the process handles SIGINT; until then it
 *     is killed with SIGKILL at once. Empty if it handles SIGINT from the start
 * @param watchdog checks the process while it runs; empty for none, which costs nothing
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
    Optional<String> interruptMarker,
    Optional<Watchdog> watchdog) {

  public Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /** A process that handles SIGINT from the start and has no watchdog. */
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

  /** A copy that is killed with SIGKILL at once until {@code marker} appears on stdout. */
  public Launch interruptibleAfter(String marker) {
    return with(Optional.of(marker), watchdog);
  }

  /** A copy that this watchdog checks while it runs. */
  public Launch watchedBy(Watchdog newWatchdog) {
    return with(interruptMarker, Optional.of(newWatchdog));
  }

  private Launch with(Optional<String> marker, Optional<Watchdog> newWatchdog) {
    return new Launch(
        argv,
        environment,
        directory,
        stdout,
        stderr,
        temp,
        limit,
        interruptGrace,
        marker,
        newWatchdog);
  }
}
