package dev.caravan.model;

import java.util.Locale;

/** Why a run did not succeed: the category that metrics count and retry rules name. */
public enum Cause {
  REJECTED_CONFIG,
  REJECTED_DATASET,
  UNAUTHORIZED,
  MODEL_NOT_SERVED,
  ENDPOINT_NOT_FOUND,
  TOKENIZER_UNAVAILABLE,
  ALL_REQUESTS_FAILED,
  INCOMPLETE_EXPORT,
  TARGET_LOST,
  CRASHED,
  START_FAILED,
  HOOK_FAILED,
  LOST,
  INTERNAL_ERROR;

  /** The value in files and messages, such as {@code all_requests_failed}. */
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }
}
