package dev.caravan.observe.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Finds in which settings, labels and versions several batches differ. */
final class DifferingSettings {

  /** More differ only between things that nobody compares. */
  private static final int MAX_SETTINGS = 200;

  private static final int MAX_VALUES = 8;
  private static final int MAX_TEXT = 200;

  /**
   * A setting that is not the same in all batches.
   *
   * @param key a key of the config, a label as {@code label engine}, or a fact such as aiperf
   * @param values its value in each batch, or all its values there; empty where it is not set
   */
  record Setting(String key, List<String> values) {
    Setting {
      values = List.copyOf(values);
    }
  }

  private DifferingSettings() {}

  /** All values of a setting in a batch, and what of them is shown. */
  private record Text(String all, String shown) {

    static final Text ABSENT = new Text("", "");
    static final Text UNKNOWN = Text.of("not known");

    static Text of(String text) {
      return new Text(text, shortened(text));
    }
  }

  /** The settings in which these batches differ, labels first. */
  static List<Setting> of(List<BatchData> batches, List<BatchSettings> settings) {
    List<Map<String, Text>> texts = new ArrayList<>();
    for (int at = 0; at < batches.size(); at++) {
      texts.add(texts(batches.get(at).provenance(), settings.get(at)));
    }
    Set<String> keys = new LinkedHashSet<>();
    texts.forEach(each -> keys.addAll(each.keySet()));
    List<Setting> differing = new ArrayList<>();
    for (String key : keys) {
      List<Text> values =
          IntStream.range(0, texts.size())
              .mapToObj(at -> texts.get(at).getOrDefault(key, absent(key, settings, at)))
              .toList();
      Stream<Text> known = values.stream().filter(value -> !value.equals(Text.UNKNOWN));
      if (known.map(Text::all).distinct().count() > 1) {
        differing.add(new Setting(key, values.stream().map(Text::shown).toList()));
      }
    }
    return differing.subList(0, Math.min(MAX_SETTINGS, differing.size()));
  }

  /** What stands for a value that a batch does not have. */
  private static Text absent(String key, List<BatchSettings> settings, int at) {
    boolean isUnknown =
        settings.get(at).equals(BatchSettings.NONE)
            && settings.stream().anyMatch(each -> values(each).containsKey(key));
    return isUnknown ? Text.UNKNOWN : Text.ABSENT;
  }

  private static Map<String, Text> texts(Provenance from, BatchSettings settings) {
    Map<String, Text> texts = new LinkedHashMap<>();
    from.labels().forEach((name, value) -> texts.put("label " + name, Text.of(value)));
    values(settings).forEach((key, all) -> texts.put(key, joined(all)));
    texts.put("token counts", Text.of(from.tokenCount()));
    texts.put("aiperf", Text.of(from.aiperf()));
    texts.put("Caravan", Text.of(from.caravan()));
    texts.put("client host", Text.of(from.host()));
    return texts;
  }

  private static Map<String, Set<String>> values(BatchSettings settings) {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    settings.common().forEach((key, value) -> put(values, key, value));
    settings.own().forEach(run -> run.forEach((key, value) -> put(values, key, value)));
    return values;
  }

  private static void put(Map<String, Set<String>> values, String key, Object value) {
    if (value instanceof Map<?, ?> options) {
      options.forEach((name, each) -> put(values, String.valueOf(name), each));
    } else {
      values.computeIfAbsent(key, any -> new LinkedHashSet<>()).add(text(value));
    }
  }

  /** Programs write the same number as 4 or 4.0. */
  private static String text(Object value) {
    return value instanceof Number number && number.doubleValue() == number.longValue()
        ? String.valueOf(number.longValue())
        : String.valueOf(value);
  }

  /** The same values have the same text, whatever their order. */
  private static Text joined(Set<String> all) {
    List<String> sorted =
        all.stream()
            .sorted(
                isNumeric(all)
                    ? Comparator.comparingDouble(Double::parseDouble)
                    : Comparator.naturalOrder())
            .toList();
    String text = String.join(", ", sorted);
    return sorted.size() <= MAX_VALUES
        ? Text.of(text)
        : new Text(
            text,
            shortened(String.join(", ", sorted.subList(0, MAX_VALUES - 1)))
                + ", … "
                + shortened(sorted.get(sorted.size() - 1))
                + " ("
                + sorted.size()
                + " values)");
  }

  private static boolean isNumeric(Set<String> all) {
    return all.stream().allMatch(each -> each.matches("-?\\d{1,15}(\\.\\d{1,15})?"));
  }

  private static String shortened(String text) {
    return text.length() > MAX_TEXT ? text.substring(0, MAX_TEXT) + "…" : text;
  }
}
