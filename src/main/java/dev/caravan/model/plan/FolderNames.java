package dev.caravan.model.plan;

import dev.caravan.config.text.PythonText;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Names of run folders, the same as those of {@code run_aiperf.py}: {@code
 * <key><value>_<key><value>}, with keys sorted and values formatted by Python's {@code str()}.
 * Unsafe characters are percent-encoded. A name that is too long, or that another run of the batch
 * could also have, ends in {@code ~} and eight hex digits.
 */
final class FolderNames {

  private static final int MAX_BYTES = 180;
  private static final int HASH_BYTES = 9;
  private static final String SAFE = "._-+=@";

  /** Constants of MurmurHash3's 32-bit finaliser, which is a bijection. */
  private static final int MIX_1 = 0x85ebca6b;

  private static final int MIX_2 = 0xc2b2ae35;

  private final Map<String, Set<String>> ambiguous = new TreeMap<>();

  /** Names for the runs of these sweeps (key to values). */
  FolderNames(Map<String, List<Object>> sweeps) {
    String next = null;
    for (String key : new TreeSet<>(sweeps.keySet()).descendingSet()) {
      ambiguous.put(key, next == null ? Set.of() : ambiguous(sweeps.get(key), "_" + next));
      next = key;
    }
  }

  /** The folder name of run {@code index}, which has these sweep values. */
  String of(Map<String, Object> values, int index) {
    StringBuilder name = new StringBuilder();
    boolean isAmbiguous = false;
    for (Map.Entry<String, Object> entry : new TreeMap<>(values).entrySet()) {
      String text = encode(PythonText.plain(entry.getValue()));
      isAmbiguous |= ambiguous.get(entry.getKey()).contains(text);
      name.append(name.isEmpty() ? "" : "_").append(entry.getKey()).append(text);
    }
    return isAmbiguous || name.length() > MAX_BYTES
        ? withHash(name.toString(), index)
        : name.toString();
  }

  /**
   * Values whose end is ambiguous in a name: one equals another plus the beginning of what follows
   * it. Two names can be equal for no other reason, because at the first key where two runs differ,
   * one value must be the other plus a part of what comes next.
   */
  private static Set<String> ambiguous(List<Object> values, String suffix) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(encode(PythonText.plain(value))));
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

  /** The name, shortened if too long, with a hash of the run's index to make it unique. */
  private static String withHash(String name, int index) {
    String shortened = name.substring(0, Math.min(name.length(), MAX_BYTES - HASH_BYTES));
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
