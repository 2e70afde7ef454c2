package dev.caravan.fleet.protocol;

import dev.caravan.pipeline.run.RunReport;
import java.util.List;

/**
 * A worker's report on a run with a list of the run's files: the first entry of a {@link
 * ResultArchive}.
 *
 * @param schema version of this format
 * @param deliveryId delivery id of the assignment
 * @param worker id of the worker's home
 * @param report the report on the run
 * @param files the files of the run folder; none when nothing was started
 * @param shared whether the files are in a {@link SharedFolder} rather than in the archive
 * @param unlisted how many files there are when their list is longer than a hub takes, and nothing
 *     is sent of them; else 0
 */
public record ResultManifest(
    int schema,
    String deliveryId,
    String worker,
    RunReport report,
    List<Item> files,
    boolean shared,
    int unlisted) {

  static final int SCHEMA = 1;

  public ResultManifest {
    if (schema != SCHEMA || !DeliveryId.isValid(deliveryId) || worker == null || report == null) {
      throw new IllegalArgumentException("not a manifest of schema " + SCHEMA);
    }
    files = files == null ? List.of() : List.copyOf(files);
  }

  /** Without its list of files, which is too long. */
  ResultManifest withoutFiles() {
    return new ResultManifest(schema, deliveryId, worker, report, List.of(), false, files.size());
  }

  /** Whether the run has files, also when they are not listed. */
  public boolean hasFiles() {
    return unlisted > 0 || !files.isEmpty();
  }

  /**
   * One file of the run.
   *
   * @param name path below the run folder, with slashes
   * @param size size in bytes
   * @param sha256 SHA-256 of its content, in hex
   */
  record Item(String name, long size, String sha256) {}
}
