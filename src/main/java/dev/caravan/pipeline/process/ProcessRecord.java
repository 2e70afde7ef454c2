package dev.caravan.pipeline.process;

import java.nio.file.Path;

/**
 * Identifies a process tree permanently, so that a later Caravan can kill it if the one that
 * started it has died.
 *
 * @param pid process ID of the root, which is also its process group and session ID
 * @param startTicks start time in clock ticks since boot; −1 if it ended before we could read it
 * @param bootId the kernel's ID of this boot; no process survives a reboot
 * @param temp its TMPDIR
 * @param directory its working directory
 */
public record ProcessRecord(long pid, long startTicks, String bootId, Path temp, Path directory) {}
