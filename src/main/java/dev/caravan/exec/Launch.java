package dev.caravan.exec;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One process to start.
 *
 * @param argv program and arguments, never through a shell
 * @param environment the whole environment of the process; nothing else is inherited
 * @param directory its working directory
 * @param stdout file that takes its standard output as it comes
 * @param stderr file that takes its standard error as it comes
 * @param temp its private temporary folder; set as TMPDIR, removed when the process tree is gone
 * @param limit wall time after which the tree is ended
 * @param interruptGrace how long SIGINT may take before SIGKILL
 */
public record Launch(
    List<String> argv,
    Map<String, String> environment,
    Path directory,
    Path stdout,
    Path stderr,
    Path temp,
    Duration limit,
    Duration interruptGrace) {

  public Launch {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }
}
