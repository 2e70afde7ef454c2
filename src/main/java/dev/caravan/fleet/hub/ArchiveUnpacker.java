package dev.caravan.fleet.hub;

import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.fleet.protocol.ResultArchive;
import dev.caravan.fleet.protocol.ResultManifest;
import dev.caravan.fleet.protocol.SharedFolder;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.SupersededNames;
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

  /** What is done with unpacked files on their way; given their folder or one of them. */
  @FunctionalInterface
  interface Step {

    /** Called with the path. */
    void on(Path path) throws IOException;
  }

  /**
   * Unpacks the files of a run into {@code target}, which may already hold some of them.
   *
   * @param beforeResult called with process_result.json when all other files are in place
   */
  void into(Path target, Path archive, Run run, String deliveryId, Step beforeResult)
      throws IOException {
    unpack(target, archive, run, deliveryId, staging -> {}, beforeResult);
  }

  /** Unpacks the files of an earlier attempt into its archive folder, under superseded names. */
  void aside(Path archived, Path archive, Run run, String deliveryId) throws IOException {
    Step rename = staging -> SupersededNames.give(staging, durableFiles);
    unpack(archived, archive, run, deliveryId, rename, result -> {});
  }

  /** Removes what a kill left of an unpacking whose result is in the tree all the same. */
  void cleanUp(Run run, String deliveryId) throws IOException {
    durableFiles.delete(staging(run, deliveryId));
  }

  private static Path staging(Run run, String deliveryId) {
    Path batch = run.batch().folder();
    return batch.resolveSibling("." + batch.getFileName() + "." + deliveryId + ".tmp");
  }

  private void unpack(
      Path target, Path archive, Run run, String deliveryId, Step whenUnpacked, Step beforeResult)
      throws IOException {
    Path staging = staging(run, deliveryId);
    durableFiles.delete(staging);
    durableFiles.createDirectories(staging);
    try {
      unpack(archive, staging);
      RunPathRewriter.rewrite(staging, run);
      whenUnpacked.on(staging);
      durableFiles.syncAll(staging);
      durableFiles.createDirectories(target);
      Predicate<Path> isResult = entry -> entry.endsWith(RunFolder.PROCESS_RESULT);
      List<Path> entries = durableFiles.list(staging);
      move(entries.stream().filter(isResult.negate()).toList(), target);
      beforeResult.on(staging.resolve(RunFolder.PROCESS_RESULT));
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
    ResultArchive.check(manifest, maxBytes);
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
