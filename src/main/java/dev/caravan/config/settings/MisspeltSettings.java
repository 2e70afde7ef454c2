package dev.caravan.config.settings;

import dev.caravan.config.text.NearestName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Finds variables and system properties whose names are almost those of settings. A typo there
 * would go unnoticed, since environments hold variables of other programs; in a home's file every
 * unknown name is refused.
 */
final class MisspeltSettings {

  private MisspeltSettings() {}

  /**
   * A warning for each such name.
   *
   * @param secrets names of variables that settings take secrets from
   */
  static List<String> warnings(
      Map<String, String> environment, Properties system, Set<String> secrets) {
    Set<String> variables = new TreeSet<>(environment.keySet());
    variables.removeIf(name -> !name.startsWith("CARAVAN_") || secrets.contains(name));
    variables.removeIf(SettingFamily::hasVariable);
    Set<String> properties = new TreeSet<>(system.stringPropertyNames());
    properties.removeIf(name -> !name.startsWith("caravan.") || SettingFamily.hasKey(name));
    List<String> warnings = new ArrayList<>();
    warnings.addAll(
        warnings(
            "variable",
            variables,
            Arrays.stream(Setting.values()).map(Setting::variable).collect(Collectors.toSet())));
    warnings.addAll(
        warnings(
            "property",
            properties,
            Arrays.stream(Setting.values()).map(Setting::key).collect(Collectors.toSet())));
    return warnings;
  }

  private static List<String> warnings(String kind, Set<String> given, Set<String> known) {
    return given.stream()
        .filter(name -> !known.contains(name))
        .filter(name -> !hint(name, known).isEmpty())
        .map(name -> "unknown " + kind + " \"" + name + "\"" + hint(name, known))
        .toList();
  }

  /** A setting that begins like the name is meant rather than one with as many letters changed. */
  private static String hint(String name, Set<String> known) {
    Set<String> longer =
        known.stream().filter(other -> other.startsWith(name)).collect(Collectors.toSet());
    return NearestName.hint(name, longer.isEmpty() ? known : longer);
  }
}
