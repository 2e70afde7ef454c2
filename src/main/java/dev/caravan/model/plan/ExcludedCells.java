package dev.caravan.model.plan;

import dev.caravan.config.RunMatrix;
import java.util.BitSet;
import java.util.stream.IntStream;

/** The combinations of a point and sweep values that a config excludes, by their index. */
final class ExcludedCells {

  private final long[] words;

  /** For each word, how many are excluded in those before it; the last one is of all. */
  private final int[] counts;

  private ExcludedCells(BitSet excluded) {
    this.words = excluded.toLongArray();
    this.counts = new int[words.length + 1];
    for (int i = 0; i < words.length; i++) {
      counts[i + 1] = counts[i] + Long.bitCount(words[i]);
    }
  }

  /** The excluded combinations of this matrix. */
  static ExcludedCells of(RunMatrix matrix) {
    BitSet excluded = new BitSet();
    IntStream.range(0, matrix.exclude().isEmpty() ? 0 : matrix.cells())
        .filter(matrix.exclusion())
        .forEach(excluded::set);
    return new ExcludedCells(excluded);
  }

  /** How many there are. */
  int count() {
    return counts[words.length];
  }

  boolean contains(int cell) {
    int word = cell / Long.SIZE;
    return word < words.length && (words[word] & 1L << cell) != 0;
  }

  /** How many have a lower index, in constant time. */
  int before(int cell) {
    int word = cell / Long.SIZE;
    return word < words.length
        ? counts[word] + Long.bitCount(words[word] & (1L << cell) - 1)
        : count();
  }
}
