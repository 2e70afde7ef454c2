package dev.caravan.fleet.protocol;

import dev.caravan.storage.Json;

/**
 * A worker asks for an input file of a run it was given.
 *
 * @param schema version of this shape
 * @param deliveryId of the run
 * @param sha256 of the file, in hex
 */
public record FileRequest(int schema, String deliveryId, String sha256) {

  private static final int SCHEMA = 1;

  /** A request. */
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
   * @throws IllegalArgumentException when it is no request
   */
  public static FileRequest of(String json) {
    FileRequest read = Json.read(json, FileRequest.class);
    if (read == null || read.schema != SCHEMA || read.deliveryId == null || read.sha256 == null) {
      throw new IllegalArgumentException("no request for a file of schema " + SCHEMA);
    }
    return read;
  }
}
