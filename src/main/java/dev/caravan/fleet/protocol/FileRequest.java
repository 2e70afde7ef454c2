package dev.caravan.fleet.protocol;

import dev.caravan.storage.Json;

/**
 * A worker's request for an input file of a run assigned to it.
 *
 * @param schema version of this format
 * @param deliveryId delivery id of the run
 * @param sha256 SHA-256 of the file, in hex
 */
public record FileRequest(int schema, String deliveryId, String sha256) {

  private static final int SCHEMA = 1;

  /** Creates a request. */
  public static FileRequest of(String deliveryId, String sha256) {
    return new FileRequest(SCHEMA, deliveryId, sha256);
  }

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when the text is not a file request
   */
  public static FileRequest of(String json) {
    FileRequest read = Json.read(json, FileRequest.class);
    if (read == null || read.schema != SCHEMA || read.deliveryId == null || read.sha256 == null) {
      throw new IllegalArgumentException("not a file request of schema " + SCHEMA);
    }
    return read;
  }
}
