package dev.caravan.fleet.protocol;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Control;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.outcome.HookRecord;
import java.util.List;

/**
 * The message that assigns one run to a worker. It contains everything that the worker needs
 * without access to the hub's disk, and no secret.
 *
 * @param schema version of this format
 * @param deliveryId unique id of this delivery of the run
 * @param attempt number of the attempt, from 1
 * @param order the order, with the batch folder on the hub
 * @param config content of config.yaml
 * @param batch content of batch.json
 * @param control content of control.json
 * @param earlier digests of the earlier attempts, see {@link AttemptDigest}, oldest first
 * @param hooks the hooks that the attempt has run already, on whatever worker; null if none
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
    List<String> earlier,
    HookRecord hooks) {

  /** The schema that every worker knows. */
  private static final int FIRST = 1;

  /**
   * For a batch with overrides, which a worker that only knows the first schema would not apply.
   */
  private static final int WITH_OVERRIDES = 2;

  public Assignment {
    if (schema < FIRST
        || schema > WITH_OVERRIDES
        || order == null
        || config == null
        || batch == null
        || !DeliveryId.isValid(deliveryId)) {
      throw new IllegalArgumentException(
          "not an assignment of schema " + FIRST + " or " + WITH_OVERRIDES);
    }
  }

  /** The hooks that the attempt has run already. */
  public HookRecord earlierHooks() {
    return hooks == null ? HookRecord.none(attempt) : hooks;
  }

  /** Creates an assignment in the oldest format that can express it. */
  public Assignment(
      String deliveryId,
      int attempt,
      RunOrder order,
      byte[] config,
      BatchRecord batch,
      Control control,
      List<String> earlier,
      HookRecord hooks) {
    this(
        batch.overrides().any() ? WITH_OVERRIDES : FIRST,
        deliveryId,
        attempt,
        order,
        config,
        batch,
        control,
        earlier,
        hooks.hooks().isEmpty() ? null : hooks);
  }
}
