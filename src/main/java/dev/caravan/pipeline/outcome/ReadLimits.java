package dev.caravan.pipeline.outcome;

import java.time.Duration;

/**
 * How much of an untrusted file is read. What lies beyond is named in the judgment.
 *
 * @param bytes about how many bytes, from the start
 * @param time after which reading stops
 */
record ReadLimits(long bytes, Duration time) {

  /** For the files of one attempt: about 250,000 failed requests. */
  static final ReadLimits OF_AN_ATTEMPT = new ReadLimits(256L << 20, Duration.ofSeconds(20));
}
