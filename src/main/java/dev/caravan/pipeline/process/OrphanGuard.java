package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes programs end with this JVM that do not see to it themselves, as our launcher makes aiperf
 * do: wrappers, whose own children no death signal reaches. A shell beside us holds the other end
 * of a pipe, which the kernel closes when we die, however that happens; it then ends the process
 * groups that it was told of, and what bears their mark. Threadsafe.
 */
final class OrphanGuard {

  private static final Logger LOGGER = LoggerFactory.getLogger(OrphanGuard.class);
  private static final String SOURCE = Launcher.read("orphans.sh");
  private static final OrphanGuard OF_THIS_JVM = new OrphanGuard();

  private final Set<String> noted = new LinkedHashSet<>();
  private Optional<Process> shell = Optional.empty();

  /** The one that all share. */
  static OrphanGuard shared() {
    return OF_THIS_JVM;
  }

  /**
   * Ends it when this JVM dies, until {@link #forget}.
   *
   * @param group the number of a process group
   * @param temp what its processes have as TMPDIR
   */
  synchronized void guard(long group, Path temp) {
    noted.add(group + " " + temp);
    tell("+ " + group + " " + temp + "\n");
  }

  /** All of it has ended: its number may soon be another's. */
  synchronized void forget(long group, Path temp) {
    if (noted.remove(group + " " + temp)) {
      tell("- " + group + " " + temp + "\n");
    }
  }

  private void tell(String line) {
    try {
      if (shell.filter(Process::isAlive).isPresent()) {
        write(line);
      } else if (!noted.isEmpty()) {
        begin();
      }
    } catch (IOException e) {
      LOGGER.warn(
          "Programs that are not aiperf's own script may outlive a kill of Caravan: {}",
          e.getMessage());
    }
  }

  private void begin() throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder("setsid", "/bin/sh", "-c", SOURCE)
            .directory(Path.of("/").toFile())
            .redirectOutput(Redirect.DISCARD)
            .redirectError(Redirect.DISCARD);
    builder.environment().keySet().retainAll(Set.of("PATH"));
    shell = Optional.of(builder.start());
    for (String line : noted) {
      write("+ " + line + "\n");
    }
  }

  private void write(String lines) throws IOException {
    OutputStream pipe = shell.orElseThrow().getOutputStream();
    pipe.write(lines.getBytes(StandardCharsets.UTF_8));
    pipe.flush();
  }
}
