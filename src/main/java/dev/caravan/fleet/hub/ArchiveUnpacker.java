package dev.caravan.fleet.hub;

import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.fleet.protocol.ResultManifest;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.model.Run;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Puts the files of a parcel into the tree: unpacked beside the batch folder, synced, then moved,
 * process_result.json last. When that is cut off, the next call does it again.
 */
final class ArchiveUnpacker {

  private final DurableFiles durableFiles;
  private final long mostBytes;
  private final Optional<SharedFolder> shared;

  ArchiveUnpacker(DurableFiles durableFiles, long mostBytes, Optional<SharedFolder> shared) {
    this.durableFiles = durableFiles;
    this.mostBytes = mostBytes;
    this.shared = shared;
  }

  /** What has to be on the disk before a result is in the tree. */
  @FunctionalInterface
  interface BeforeResult {

    /** All but this file, which is the result, lies in its place. */
    void write(Path processResult) throws IOException;
  }

  /** Unpacks the files of a run into {@code target}, which may hold a part of them. */
  void into(Path target, Path parcel, Run run, String deliveryId, BeforeResult first)
      throws IOException {
    Path batch = run.batch().folder();
    Path beside = batch.resolveSibling("." + batch.getFileName() + "." + deliveryId + ".tmp");
    durableFiles.delete(beside);
    durableFiles.createDirectories(beside);
    try {
      unpack(parcel, beside);
      RunPathRewriter.correct(beside, run);
      durableFiles.syncAll(beside);
      durableFiles.createDirectories(target);
      Predicate<Path> last = entry -> entry.endsWith(RunFolder.PROCESS_RESULT);
      List<Path> entries = durableFiles.list(beside);
      move(entries.stream().filter(last.negate()).toList(), target);
      first.write(beside.resolve(RunFolder.PROCESS_RESULT));
      for (Path result : entries.stream().filter(last).toList()) {
        durableFiles.move(result, target.resolve(result.getFileName()));
      }
    } finally {
      durableFiles.delete(beside);
    }
  }

  private void unpack(Path parcel, Path beside) throws IOException {
    ResultManifest resultManifest = ResultArchive.manifest(parcel);
    if (!resultManifest.shared()) {
      ResultArchive.unpack(parcel, beside, mostBytes);
      return;
    }
    ResultArchive.check(resultManifest.files(), mostBytes);
    shared
        .orElseThrow(
            () -> new ArchiveRefusedException("is in no caravan.results.shared that the hub has"))
        .take(resultManifest, beside);
  }

  /** Synced once, not once a file: on a disk that really syncs this is what a hub waits for. */
  private void move(List<Path> entries, Path target) throws IOException {
    for (Path entry : entries) {
      Path to = target.resolve(entry.getFileName());
      if (Files.isDirectory(to) || Files.isDirectory(entry)) {
        durableFiles.delete(to);
      }
    }
    durableFiles.moveAll(entries, target);
  }
}
