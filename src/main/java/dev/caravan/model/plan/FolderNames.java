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
 * Names of run folders, as {@code run_aiperf.py} made them: {@code <key><value>_<key><value>}, keys
 * sorted, values by Python's {@code str()}. What a folder name cannot hold is percent-encoded. A
 * name that is too long, or that another run of the batch could have too, ends in {@code ~} and
 * eight hex digits.
 */
final class FolderNames {

  private static final int MAX_BYTES = 180;
  private static final int HASH_BYTES = 9;
  private static final String SAFE = "._-+=@";

  /** Constants of the 32-bit finaliser of MurmurHash3, which maps no two numbers to one. */
  private static final int MIX_1 = 0x85ebca6b;

  private static final int MIX_2 = 0xc2b2ae35;

  private final Map<String, Set<String>> doubtful = new TreeMap<>();

  /** Names for the runs of these sweeps. */
  FolderNames(Map<String, List<Object>> sweeps) {
    String next = null;
    for (String key : new TreeSet<>(sweeps.keySet()).descendingSet()) {
      doubtful.put(key, next == null ? Set.of() : doubtful(sweeps.get(key), "_" + next));
      next = key;
    }
  }

  /** The name of the run with these values, which is number {@code index}. */
  String of(Map<String, Object> values, int index) {
    StringBuilder name = new StringBuilder();
    boolean unclear = false;
    for (Map.Entry<String, Object> each : new TreeMap<>(values).entrySet()) {
      String text = encoded(PythonText.plain(each.getValue()));
      unclear |= doubtful.get(each.getKey()).contains(text);
      name.append(name.isEmpty() ? "" : "_").append(each.getKey()).append(text);
    }
    return unclear || name.length() > MAX_BYTES
        ? numbered(name.toString(), index)
        : name.toString();
  }

  /**
   * Values after which one could not tell where the value ends: one continues the other with what
   * follows it in a name. Names are equal for no other reason: at the first key where two runs
   * differ, one value must be the other plus a part of what comes next.
   */
  private static Set<String> doubtful(List<Object> values, String follows) {
    Set<String> texts = new HashSet<>();
    values.forEach(value -> texts.add(encoded(PythonText.plain(value))));
    Set<String> doubtful = new HashSet<>();
    for (String text : texts) {
      for (int end = text.indexOf('_'); end >= 0; end = text.indexOf('_', end + 1)) {
        String rest = text.substring(end);
        boolean continues = rest.startsWith(follows) || follows.startsWith(rest);
        if (continues && texts.contains(text.substring(0, end))) {
          doubtful.add(text);
          doubtful.add(text.substring(0, end));
        }
      }
    }
    return doubtful;
  }

  /** Cut, and told apart by the run's parameters, which its number stands for. */
  private static String numbered(String name, int index) {
    String cut = name.substring(0, Math.min(name.length(), MAX_BYTES - HASH_BYTES));
    int half = cut.indexOf('%', Math.max(0, cut.length() - 2));
    String whole = half < 0 ? cut : cut.substring(0, half);
    return whole + "~" + String.format("%08x", mixed(index));
  }

  /** A hash without collisions: two runs of one batch must never share a folder. */
  private static int mixed(int index) {
    int hash = index + 1;
    hash = (hash ^ (hash >>> 16)) * MIX_1;
    hash = (hash ^ (hash >>> 13)) * MIX_2;
    return hash ^ (hash >>> 16);
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) b;
      boolean letter = b > 0 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0);
      encoded.append(letter ? String.valueOf(c) : String.format("%%%02X", b & 0xFF));
    }
    return encoded.toString();
  }
}
