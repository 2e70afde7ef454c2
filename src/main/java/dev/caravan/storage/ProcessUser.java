package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

/**
 * The user of this process, named as the owner of its files. Java knows no name of a user without
 * an entry in the system's list, as in a container that is started with a number for its user.
 */
public final class ProcessUser {

  private static final String UNKNOWN = "?";
  private static final Path PROCESS = Path.of("/proc/self");

  private ProcessUser() {}

  /** The name, or the number of a user that has none. */
  public static String name() {
    String name = System.getProperty("user.name");
    return UNKNOWN.equals(name) ? ownerOfProcess() : name;
  }

  /** Whether a file belongs to this user; of a link, whether the link does. */
  public static boolean owns(Path file) throws IOException {
    return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName().equals(name());
  }

  private static String ownerOfProcess() {
    try {
      return Files.getOwner(PROCESS).getName();
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
