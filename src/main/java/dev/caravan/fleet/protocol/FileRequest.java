package dev.caravan.fleet.protocol;

/**
 * A worker's request for an input file of a run assigned to it.
 *
 * @param schema version of this format
 * @param deliveryId delivery id of the run
 * @param sha256 SHA-256 of the file, in hex
 */
public record FileRequest(int schema, String deliveryId, String sha256) {

  private static final int SCHEMA = 1;

  public FileRequest {
    if (schema != SCHEMA || deliveryId == null || sha256 == null) {
      throw new IllegalArgumentException("not a file request of schema " + SCHEMA);
    }
  }

  /** Creates a request. */
  public static FileRequest of(String deliveryId, String sha256) {
    return new FileRequest(SCHEMA, deliveryId, sha256);
  }
}
