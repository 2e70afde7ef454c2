package dev.caravan.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free TCP ports that nobody takes before the program under test binds them: neither the kernel for
 * a connection of another program, nor a test in another JVM.
 */
final class Ports {

  private static final int FIRST = 10_000;
  private static final int FIRST_EPHEMERAL = 32_768;

  /**
   * A byte of this file for each port, locked by the JVM that has chosen the port until it ends.
   */
  private static final FileChannel CHOSEN = open();

  /** Java forgets a lock of its own that nothing refers to. */
  private static final Set<FileLock> LOCKS = ConcurrentHashMap.newKeySet();

  private Ports() {}

  /** Chooses a port. */
  static int choose() {
    try {
      while (true) {
        int port = ThreadLocalRandom.current().nextInt(FIRST, FIRST_EPHEMERAL);
        if (lock(port) && isFree(port)) { // a look takes it for a moment
          return port;
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isFree(int port) throws IOException {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (BindException taken) {
      return false;
    }
  }

  private static boolean lock(int port) throws IOException {
    try {
      FileLock lock = CHOSEN.tryLock(port, 1, false);
      return lock != null && LOCKS.add(lock);
    } catch (OverlappingFileLockException chosenInThisJvm) {
      return false;
    }
  }

  private static FileChannel open() {
    String name = "caravan-test-ports-" + System.getProperty("user.name");
    try {
      return FileChannel.open(
          Path.of(System.getProperty("java.io.tmpdir"), name),
          StandardOpenOption.CREATE,
          StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
