package dev.caravan.fleet.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.storage.Json;
import java.util.List;

/**
 * The message that gives one run to a worker: all that it must know to execute it without a disk
 * shared with the hub. It carries no secret.
 *
 * @param schema version of this shape
 * @param deliveryId names this sending of the run; no other sending has it
 * @param attempt number of the attempt, from 1
 * @param order the order, with the hub's folder
 * @param config bytes of config.yaml
 * @param batch batch.json
 * @param control orders given to the batch
 * @param earlier beginnings of the process_result.json of the attempts before, oldest first
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Assignment(
    int schema,
    String deliveryId,
    int attempt,
    RunOrder order,
    byte[] config,
    BatchRecord batch,
    Control control,
    List<String> earlier) {

  public static final int SCHEMA = 1;

  /** The message text. */
  public String json() {
    return Json.text(this);
  }

  /**
   * Reads a message.
   *
   * @throws IllegalArgumentException when it is no assignment, or its ticket could be a path
   */
  public static Assignment of(String json) {
    Assignment read = Json.read(json, Assignment.class);
    if (read == null
        || read.schema != SCHEMA
        || read.order == null
        || read.config == null
        || read.batch == null
        || !DeliveryId.isOne(read.deliveryId)) {
      throw new IllegalArgumentException("no assignment of schema " + SCHEMA);
    }
    return read;
  }
}
