package dev.caravan.fleet.protocol;

import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Json;
import java.util.List;

/**
 * What a worker says of a run it was given; the manifest of the {@link ResultArchive} with its
 * files.
 *
 * @param schema version of this shape
 * @param deliveryId of the assignment it answers
 * @param worker id of the worker
 * @param report what became of the run
 * @param files of its folder; none when nothing was started
 * @param shared whether the files lie in a {@link SharedFolder}
 */
public record ResultManifest(
    int schema,
    String deliveryId,
    String worker,
    RunReport report,
    List<Item> files,
    boolean shared) {

  static final int SCHEMA = 1;

  public ResultManifest {
    files = files == null ? List.of() : List.copyOf(files);
  }

  /**
   * One file.
   *
   * @param name path below the run folder, with slashes
   * @param size in bytes
   * @param sha256 of its bytes, in hex
   */
  record Item(String name, long size, String sha256) {}

  String json() {
    return Json.text(this);
  }

  /**
   * Reads a manifest.
   *
   * @throws IllegalArgumentException when it is none
   */
  static ResultManifest of(String json) {
    ResultManifest read = Json.read(json, ResultManifest.class);
    if (read == null
        || read.schema != SCHEMA
        || !DeliveryId.isOne(read.deliveryId)
        || read.worker == null
        || read.report == null
        || read.report.kind() == null) {
      throw new IllegalArgumentException("no delivery of schema " + SCHEMA);
    }
    return read;
  }
}
