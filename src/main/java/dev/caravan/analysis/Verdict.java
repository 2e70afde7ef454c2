package dev.caravan.analysis;

/** What a comparison says of the candidate. */
public enum Verdict {
  /** It is worse by the tolerance or more, beyond noise. */
  FAIL,
  /** It is not worse by the tolerance. */
  PASS,
  /** Noise is too large, or repeats are too few, to say either. */
  INCONCLUSIVE,
  /** No point has repeats on both sides, so that nothing is known about noise. */
  NONE,
  /** The sides are different things, so that they were not compared. */
  REFUSED
}
