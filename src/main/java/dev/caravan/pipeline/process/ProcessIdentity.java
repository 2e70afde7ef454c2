package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * One process, told apart from every other that has its number before or after. Goes by the
 * kernel's own count since boot: what Java and {@code ps} give as a process's start is reckoned
 * from the wall clock, and so changes for a living process when that clock is set.
 *
 * @param pid its number
 * @param startTicks when it started, in clock ticks since boot
 * @param bootId the kernel's id of that boot
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** This process. */
  public static ProcessIdentity own() {
    return of(ProcessHandle.current().pid());
  }

  /** The process that has this number now; one without a start when there is none. */
  static ProcessIdentity of(long pid) {
    long ticks = ProcessEntry.of(pid).map(ProcessEntry::startTicks).orElse(-1L);
    return new ProcessIdentity(pid, ticks, currentBoot());
  }

  /** Whether it has not ended. */
  public boolean lasts() {
    return bootId.equals(currentBoot())
        && ProcessEntry.of(pid)
            .filter(entry -> entry.startTicks() == startTicks && !entry.dead())
            .isPresent();
  }

  /** The kernel's id of this boot. */
  static String currentBoot() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
