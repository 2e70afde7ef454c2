package dev.caravan.fleet.hub;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
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
 * Unpacks result archives into the tree: first into a temporary folder beside the batch folder,
 * then synced and moved, process_result.json last. An interrupted call can simply be repeated.
 */
public final class ArchiveUnpacker {

  private final DurableFiles durableFiles;
  private final long maxBytes;
  private final Optional<SharedFolder> shared;

  /** An unpacker with the largest size and the shared folder in the settings. */
  public static ArchiveUnpacker of(Settings settings, DurableFiles files) {
    return new ArchiveUnpacker(
        files, settings.bytes(Setting.RESULTS_MAX_SIZE), SharedFolder.of(settings, files));
  }

  /**
   * An unpacker.
   *
   * @param maxBytes largest size of a run folder, unpacked
   * @param shared folder through which workers may pass their files
   */
  ArchiveUnpacker(DurableFiles durableFiles, long maxBytes, Optional<SharedFolder> shared) {
    this.durableFiles = durableFiles;
    this.maxBytes = maxBytes;
    this.shared = shared;
  }

  /** Writes what must be on disk before process_result.json is. */
  @FunctionalInterface
  interface BeforeResult {

    /** Called when all files but this one are in place. */
    void write(Path processResult) throws IOException;
  }

  /** Unpacks the files of a run into {@code target}, which may already hold some of them. */
  void into(Path target, Path archive, Run run, String deliveryId, BeforeResult beforeResult)
      throws IOException {
    Path batch = run.batch().folder();
    Path staging = batch.resolveSibling("." + batch.getFileName() + "." + deliveryId + ".tmp");
    durableFiles.delete(staging);
    durableFiles.createDirectories(staging);
    try {
      unpack(archive, staging);
      RunPathRewriter.rewrite(staging, run);
      durableFiles.syncAll(staging);
      durableFiles.createDirectories(target);
      Predicate<Path> isResult = entry -> entry.endsWith(RunFolder.PROCESS_RESULT);
      List<Path> entries = durableFiles.list(staging);
      move(entries.stream().filter(isResult.negate()).toList(), target);
      beforeResult.write(staging.resolve(RunFolder.PROCESS_RESULT));
      for (Path result : entries.stream().filter(isResult).toList()) {
        durableFiles.move(result, target.resolve(result.getFileName()));
      }
    } finally {
      durableFiles.delete(staging);
    }
  }

  private void unpack(Path archive, Path staging) throws IOException {
    ResultManifest manifest = ResultArchive.manifest(archive);
    if (!manifest.shared()) {
      ResultArchive.unpack(archive, staging, maxBytes);
      return;
    }
    ResultArchive.check(manifest.files(), maxBytes);
    shared
        .orElseThrow(
            () ->
                new ArchiveRefusedException(
                    "refers to caravan.results.shared, which this hub does not have"))
        .fetch(manifest, staging);
  }

  /** Syncs once per folder rather than once per file: syncing is what limits a hub's throughput. */
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
