package dev.caravan.testing;

import dev.caravan.storage.Home;
import dev.caravan.storage.StateFile;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;

/** The lock of a home, held by another process as by a daemon that has told nothing yet. */
public record HeldLock(Process holder) implements AutoCloseable {

  private static final String HOLD =
      """
      import fcntl, sys
      lock = open(sys.argv[1], "w")
      fcntl.lockf(lock, fcntl.LOCK_EX)
      print("held", flush=True)
      sys.stdin.read()
      """;

  /** Takes the lock of this home. */
  public static HeldLock of(Home home) throws IOException {
    Path file = StateFile.LOCK.in(home);
    Files.createDirectories(home.state());
    Process holder =
        new ProcessBuilder("python3", "-c", HOLD, file.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    if (holder.inputReader().readLine() == null) {
      throw new IOException("cannot hold " + file);
    }
    return new HeldLock(holder);
  }

  @Override
  public void close() throws IOException {
    holder.getOutputStream().close();
    holder.destroyForcibly().onExit().join(); // only then the lock is free
  }
}
