package dev.caravan.pipeline.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds aiperf: the command that was named, by a setting or by the user's setup; else the one on
 * PATH. Threadsafe.
 */
public final class AiperfFinder {

  private static final Logger LOGGER = LoggerFactory.getLogger(AiperfFinder.class);

  /** How long an aiperf that could not be used is not asked again. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(10);

  private record Answer(Path command, FileTime modified, AiperfInstall install, long nanos) {

    boolean holdsFor(Path other, FileTime otherModified) {
      boolean fresh =
          install instanceof AiperfInstall.Usable
              || System.nanoTime() - nanos < ASK_AGAIN.toNanos();
      return fresh && command.equals(other) && modified.equals(otherModified);
    }
  }

  private final Supplier<Optional<String>> named;
  private final Path directory;
  private final Map<String, String> environment;
  private final AiperfProbe probe;
  private Optional<Answer> last = Optional.empty();

  /**
   * A finder.
   *
   * @param named asked at each look: a path, or a name to be looked up on PATH
   * @param directory what a relative path starts from
   * @param environment gives PATH, and is aiperf's when it is asked for its version
   * @param probeLimit how long aiperf may take to tell its version
   */
  public AiperfFinder(
      Supplier<Optional<String>> named,
      Path directory,
      Map<String, String> environment,
      Duration probeLimit) {
    this.named = named;
    this.directory = directory;
    this.environment = Map.copyOf(environment);
    this.probe = new AiperfProbe(this.environment, probeLimit);
  }

  /**
   * Looks for aiperf, and asks it for its version unless this program has answered before and its
   * file is unchanged. Warns once of a version that is not the tested one.
   */
  public synchronized AiperfInstall find() {
    try {
      Path command = locate();
      FileTime modified = Files.getLastModifiedTime(command);
      if (last.isEmpty() || !last.get().holdsFor(command, modified)) {
        AiperfInstall install = probe.ask(command);
        last = Optional.of(new Answer(command, modified, install, System.nanoTime()));
        warn(install);
      }
      return last.get().install();
    } catch (IOException e) {
      return new AiperfInstall.Unusable(e.getMessage());
    }
  }

  private Path locate() throws IOException {
    Optional<String> name = named.get().map(String::strip).filter(text -> !text.isEmpty());
    if (name.isPresent()) {
      return locateNamed(name.get());
    }
    try {
      return Executables.locate("aiperf", directory, environment);
    } catch (IOException e) {
      throw new IOException(
          "aiperf is not installed: %s. 'caravan setup' installs it; or name one by caravan.aiperf.command"
              .formatted(e.getMessage()),
          e);
    }
  }

  private Path locateNamed(String name) throws IOException {
    try {
      return Executables.locate(name, directory, environment);
    } catch (IOException e) {
      throw new IOException("caravan.aiperf.command: " + e.getMessage(), e);
    }
  }

  private static void warn(AiperfInstall install) {
    if (install instanceof AiperfInstall.Usable usable) {
      usable.warning().ifPresent(LOGGER::warn);
    }
  }
}
