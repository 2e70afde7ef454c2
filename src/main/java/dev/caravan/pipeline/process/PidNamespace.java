package dev.caravan.pipeline.process;

import dev.caravan.storage.Leftovers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;

/** The processes that this one sees: those of its container, or of the whole host. */
public final class PidNamespace {

  private static final String CURRENT = read();

  private static final String TAG = HexFormat.of().toHexDigits((short) CURRENT.hashCode());

  /** No process of ours runs this long. */
  private static final Duration LONGEST_RUN = Duration.ofDays(7);

  private PidNamespace() {}

  /** The kernel's name of it; empty where it cannot be read. */
  public static String current() {
    return CURRENT;
  }

  /** A part of its name, short as the paths of sockets have to be. */
  public static String tag() {
    return TAG;
  }

  /**
   * Whether the process that made a file has ended: one that we do not see has, once the file is
   * old.
   *
   * @param tag that of the process
   */
  public static boolean hasEnded(long pid, String tag, Path made) {
    return ProcessHandle.of(pid).isEmpty() && (tag.equals(TAG) || isOld(made));
  }

  /** Whether a file has not changed for longer than the process that made it can have run. */
  public static boolean isOld(Path made) {
    return Leftovers.isUnchanged(made, LONGEST_RUN);
  }

  private static String read() {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString();
    } catch (IOException e) {
      return "";
    }
  }
}
