package dev.caravan.model.plan;

import dev.caravan.config.text.PythonText;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Names of run folders, the same as those of {@code run_aiperf.py}: {@code
 * <key><value>_<key><value>}, with keys sorted and values formatted by Python's {@code str()}.
 * Unsafe characters are percent-encoded. A name that is too long, or that another run of the batch
 * could also have, ends in {@code ~} and eight hex digits. A variant's name and two underscores go
 * in front; {@code __r2} and so on follow from the second repeat on.
 */
final class FolderNames {

  private static final int MAX_BYTES = 180;
  private static final int HASH_BYTES = 9;
  private static final String SAFE = "._-+=@";

  /** Constants of MurmurHash3's 32-bit finaliser, which is a bijection. */
  private static final int MIX_1 = 0x85ebca6b;

  private static final int MIX_2 = 0xc2b2ae35;

  private static final String SEPARATOR = "__";
  private static final String REPEAT = SEPARATOR + "r";

  /** The end of a value that looks like the number of a repeat. */
  private static final Pattern LIKE_REPEAT = Pattern.compile(".*__r\\d+");

  private final Map<String, Set<String>> ambiguous = new TreeMap<>();
  private final int repeats;

  /**
   * Names for the points with these values, by key.
   *
   * @param repeats how often each is run
   */
  FolderNames(Map<String, List<Object>> sweeps, int repeats) {
    this.repeats = repeats;
    String next = null;
    for (String key : new TreeSet<>(sweeps.keySet()).descendingSet()) {
      ambiguous.put(key, next == null ? Set.of() : ambiguous(sweeps.get(key), "_" + next));
      next = key;
    }
  }

  /** The name that these values alone give a point; empty if it is too long for a folder. */
  static Optional<String> ofOnly(Map<String, Object> values) {
    String name = joined(values);
    return name.length() > MAX_BYTES ? Optional.empty() : Optional.of(name);
  }

  private static String joined(Map<String, Object> values) {
    return new TreeMap<>(values)
        .entrySet().stream()
            .map(entry -> entry.getKey() + text(entry.getValue()))
            .collect(Collectors.joining("_"));
  }

  /** The name of a run's folder; empty for a batch with a single run. */
  static String join(String variant, String point, int repeat, int repeats) {
    List<String> parts = Stream.of(variant, point).filter(part -> !part.isEmpty()).toList();
    if (parts.isEmpty()) {
      return repeats > 1 ? "repeat" + repeat : "";
    }
    return String.join(SEPARATOR, parts) + (repeat > 1 ? REPEAT + repeat : "");
  }

  /**
   * The name of a point, short enough for the name of its variant in front.
   *
   * @param values its values
   * @param index its index among the points of a round
   */
  String of(Map<String, Object> values, int index, String variant) {
    int room = MAX_BYTES - (variant.isEmpty() ? 0 : variant.length() + SEPARATOR.length());
    int maxBytes = repeats > 1 ? room - (REPEAT + repeats).length() : room;
    String name = joined(values);
    boolean isAmbiguous =
        values.entrySet().stream().anyMatch(this::isAmbiguous)
            || repeats > 1 && LIKE_REPEAT.matcher(name).matches();
    return isAmbiguous || name.length() > maxBytes ? withHash(name, index, maxBytes) : name;
  }

  private boolean isAmbiguous(Map.Entry<String, Object> value) {
    Set<String> texts = ambiguous.get(value.getKey());
    return !texts.isEmpty() && texts.contains(text(value.getValue()));
  }

  private static String text(Object value) {
    return encode(PythonText.plain(value));
  }

  /**
   * Values whose end is ambiguous in a name: one equals another plus the beginning of what follows
   * it. Two names can be equal for no other reason, because at the first key where two runs differ,
   * one value must be the other plus a part of what comes next.
   */
  private static Set<String> ambiguous(List<Object> values, String suffix) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(text(value)));
    Set<String> ambiguous = new HashSet<>();
    for (String text : texts) {
      for (int end = text.indexOf('_'); end >= 0; end = text.indexOf('_', end + 1)) {
        String rest = text.substring(end);
        boolean continues = rest.startsWith(suffix) || suffix.startsWith(rest);
        if (continues && texts.contains(text.substring(0, end))) {
          ambiguous.add(text);
          ambiguous.add(text.substring(0, end));
        }
      }
    }
    return ambiguous;
  }

  /** The name, shortened if too long, with a hash of its index to make it unique. */
  private static String withHash(String name, int index, int maxBytes) {
    String shortened = name.substring(0, Math.min(name.length(), maxBytes - HASH_BYTES));
    int partialEscape = shortened.indexOf('%', Math.max(0, shortened.length() - 2));
    String prefix = partialEscape < 0 ? shortened : shortened.substring(0, partialEscape);
    return prefix + "~" + String.format("%08x", mix(index));
  }

  /** A hash without collisions: two runs of a batch must never share a folder. */
  private static int mix(int index) {
    int hash = index + 1;
    hash = (hash ^ (hash >>> 16)) * MIX_1;
    hash = (hash ^ (hash >>> 13)) * MIX_2;
    return hash ^ (hash >>> 16);
  }

  private static String encode(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) b;
      boolean safe = b > 0 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
      encoded.append(safe ? String.valueOf(c) : String.format("%%%02X", b & 0xFF));
    }
    return encoded.toString();
  }
}
