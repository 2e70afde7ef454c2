package dev.caravan.pipeline.process;

import java.nio.file.Path;

/**
 * What names a process tree for good, so that a later Caravan can end it when the one that started
 * it is dead.
 *
 * @param pid process id, which is also that of its group and session
 * @param startTicks its start, in clock ticks since boot; −1 when it was over before it could be
 *     read
 * @param bootId the kernel's id of this boot; after another boot nothing of the tree lives
 * @param temp its TMPDIR
 * @param directory its working directory
 */
public record ProcessRecord(long pid, long startTicks, String bootId, Path temp, Path directory) {}
