package dev.caravan.config.settings;

import dev.caravan.config.text.NearestName;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Settings of one kind, whose keys end in a name that users choose. */
public enum SettingFamily {
  /** Camel endpoints that receive every event, each with its own place in the outbox. */
  EVENTS_TO("caravan.events.to."),
  /** The commands of hooks. */
  HOOKS("caravan.hooks.");

  /** A name: neither a path nor a flag. */
  static final String NAME_PATTERN = "[a-z][a-z0-9-]{0,39}";

  private static final Pattern NAME = Pattern.compile(NAME_PATTERN);

  private final String prefix;

  SettingFamily(String prefix) {
    this.prefix = prefix;
  }

  /** The key of the setting with this name. */
  public String key(String name) {
    return prefix + name;
  }

  /** The environment variable of the setting with this name. */
  String variable(String name) {
    return variable() + name.toUpperCase(Locale.ROOT).replace('-', '_');
  }

  private String variable() {
    return prefix.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /** The name in this key; empty if the key is none of the family. */
  Optional<String> ofKey(String key) {
    return key.startsWith(prefix)
        ? Optional.of(key.substring(prefix.length())).filter(this::isName)
        : Optional.empty();
  }

  /** The name in this variable, with - for _; empty if the variable is none of the family. */
  Optional<String> ofVariable(String variable) {
    return variable.startsWith(variable())
        ? Optional.of(variable.substring(variable().length()))
            .map(name -> name.toLowerCase(Locale.ROOT).replace('_', '-'))
            .filter(this::isName)
        : Optional.empty();
  }

  /** Whether a property with this key belongs to a family. */
  static boolean hasKey(String key) {
    for (SettingFamily family : values()) {
      if (family.ofKey(key).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether a variable of this name belongs to a family. */
  static boolean hasVariable(String variable) {
    for (SettingFamily family : values()) {
      if (family.ofVariable(variable).isPresent()) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is a name, and not the end of the key of a setting of its own or almost one. */
  private boolean isName(String name) {
    return hasForm(name) && ownSetting(name).isEmpty();
  }

  /** Whether it has the form of a name. */
  static boolean hasForm(String name) {
    return NAME.matcher(name).matches();
  }

  /** The key of the setting of its own that this name stands for, or almost. */
  Optional<String> ownSetting(String name) {
    return NearestName.find(name, ownSettings()).map(this::key);
  }

  /** The ends of the keys that begin like those of the family and are settings of their own. */
  private List<String> ownSettings() {
    return Arrays.stream(Setting.values())
        .map(Setting::key)
        .filter(key -> key.startsWith(prefix))
        .map(key -> key.substring(prefix.length()))
        .toList();
  }
}
