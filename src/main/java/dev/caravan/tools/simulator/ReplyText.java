package dev.caravan.tools.simulator;

import java.util.List;

/**
 * The text of the answers: words that are one token each, with the space before them, to the common
 * tokenizers, so that a caller's tokenizer counts as many tokens as were generated.
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

  /** The word at any place, from 0, of an endless text. */
  static String at(int place) {
    return WORDS.get(Math.floorMod(place, WORDS.size()));
  }
}
