package dev.caravan.tools.simulator;

import java.util.List;

/**
 * The text of the responses: words that, with their leading space, are one token each in common
 * tokenizers, so that the client's tokenizer counts as many tokens as were generated.
 */
final class ReplyText {

  private static final List<String> WORDS =
      List.of(
          (" the, of, a, caravan, crosses, desert, slowly, and, each, camel, carries, water, across,"
                  + " hills, under, bright, stars, while, drivers, sing, old, songs, about, rivers,"
                  + " gardens, cities, markets, they, will, reach, before, morning, comes, with,"
                  + " dust, wind, silence")
              .split(","));

  private ReplyText() {}

  /** The word at this index, from 0, of an endless text. */
  static String word(int index) {
    return WORDS.get(Math.floorMod(index, WORDS.size()));
  }
}
