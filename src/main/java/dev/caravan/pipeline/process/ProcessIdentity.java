package dev.caravan.pipeline.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Identifies one process, even after its pid has been reused. Uses the kernel's start time since
 * boot, because the start time that Java and {@code ps} report is derived from the wall clock and
 * changes for a running process when that clock is set.
 *
 * @param pid process ID
 * @param startTicks start time in clock ticks since boot; −1 if the process did not exist
 * @param bootId the kernel's ID of that boot
 */
public record ProcessIdentity(long pid, long startTicks, String bootId) {

  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  /** This process. */
  public static ProcessIdentity current() {
    return of(ProcessHandle.current().pid());
  }

  /** The process that has this pid now; its start time is −1 if there is none. */
  static ProcessIdentity of(long pid) {
    long ticks = ProcessEntry.of(pid).map(ProcessEntry::startTicks).orElse(-1L);
    return new ProcessIdentity(pid, ticks, currentBoot());
  }

  /** Whether the process is still running. */
  public boolean isAlive() {
    return bootId.equals(currentBoot())
        && ProcessEntry.of(pid)
            .filter(entry -> entry.startTicks() == startTicks && !entry.isDead())
            .isPresent();
  }

  /** The kernel's ID of the current boot. */
  public static String currentBoot() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
