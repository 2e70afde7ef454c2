package dev.caravan.tools.simulator;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts the tokens of texts with o200k_base, the encoding behind aiperf's {@code tokenizer:
 * builtin}, so that the usage in a response agrees with what aiperf counts. Used only on the event
 * loop.
 */
final class TokenCounter {

  /** A longer text is counted up to here and the rest in proportion: counting blocks the loop. */
  private static final int COUNTED_CHARACTERS = 1 << 16;

  /** Clients repeat their prompts. */
  private static final int REMEMBERED = 1_000;

  private static final int REMEMBERED_CHARACTERS = 1 << 13;

  private static final Encoding ENCODING =
      Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.O200K_BASE);

  private final Map<String, Integer> counts =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
          return size() > REMEMBERED;
        }
      };

  /** The number of tokens of a text. */
  int count(String text) {
    return text.length() > REMEMBERED_CHARACTERS
        ? counted(text)
        : counts.computeIfAbsent(text, TokenCounter::counted);
  }

  private static int counted(String text) {
    if (text.length() <= COUNTED_CHARACTERS) {
      return ENCODING.countTokensOrdinary(text);
    }
    long begun = ENCODING.countTokensOrdinary(text.substring(0, COUNTED_CHARACTERS));
    return Math.toIntExact(begun * text.length() / COUNTED_CHARACTERS);
  }
}
