package dev.caravan.config;

import dev.caravan.config.AiperfOptions.Reason;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.Optional;
import java.util.regex.Pattern;

/** Decides which aiperf options a config may name, and says of the others what to write instead. */
final class OptionNames {

  private static final String PROPERTY = "caravan.aiperf.options-allowed";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String NEGATIVE = "no_";

  private final AiperfOptions options = AiperfOptions.shipped();
  private final ConfigRules rules;
  private final Problems problems;

  OptionNames(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** The option of this name if it is allowed; never a problem. */
  Optional<Option> find(String name) {
    Optional<Option> shipped = options.find(name);
    return shipped.isPresent() ? shipped : further(name);
  }

  /** The option of this name; empty after a problem was added. */
  Optional<Option> find(String name, Entry entry, String path) {
    Optional<Option> found = find(name);
    if (found.isEmpty()) {
      problems.add(entry.key(), path, () -> refusal(name));
    }
    return found;
  }

  /** Whether aiperf or a property knows this name, so that it is no slip of the pen. */
  boolean knows(String name) {
    return options.knows(plain(name)) || further(name).isPresent();
  }

  /** Why an option may not be named. */
  String refusal(String written) {
    String name = plain(written);
    Optional<String> other = options.find(name).map(Option::name).or(() -> options.nameOf(name));
    if (other.isPresent()) {
      return "write it as " + other.get();
    }
    Optional<String> positive =
        Optional.of(name).filter(n -> n.startsWith(NEGATIVE)).flatMap(this::switchOf);
    return positive
        .map(on -> "write " + on + ": false")
        .or(() -> options.refused(name).map(this::message))
        .orElseGet(() -> unknown(name));
  }

  private String message(Reason reason) {
    if (!reason.key().isEmpty()) {
      return reason.message() + "; write it there as " + reason.key();
    }
    return reason.forGood()
        ? "not allowed: " + reason.message()
        : "not allowed: " + reason.message() + "; the property " + PROPERTY + " can allow it";
  }

  private String unknown(String name) {
    return "not among the options allowed"
        + NearestName.hint(name, options.allowed().keySet())
        + "; the property "
        + PROPERTY
        + " allows more";
  }

  private Optional<String> switchOf(String negative) {
    return options
        .find(negative.substring(NEGATIVE.length()))
        .filter(option -> option.kind() == Option.Kind.SWITCH)
        .map(Option::name);
  }

  private Optional<Option> further(String name) {
    boolean listed = rules.optionAllowed(name);
    boolean forGood = options.refused(name).map(Reason::forGood).orElse(false);
    return listed && !forGood && NAME.matcher(name).matches()
        ? Optional.of(Option.free(name))
        : Optional.empty();
  }

  private static String plain(String name) {
    return name.replaceFirst("^--", "").replace('-', '_');
  }
}
