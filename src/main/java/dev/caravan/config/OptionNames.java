package dev.caravan.config;

import dev.caravan.config.AiperfOptions.Reason;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping.Entry;
import dev.caravan.config.yaml.Problems;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Decides which aiperf options a config may set, and explains why others are refused. */
final class OptionNames {

  private static final String PROPERTY = "caravan.aiperf.options-allowed";
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
  private static final String NEGATIVE = "no_";

  private final AiperfOptions options = AiperfOptions.shipped();
  private final ConfigRules rules;
  private final Problems problems;
  private final Set<String> remarks = new HashSet<>();

  OptionNames(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.problems = problems;
  }

  /** The option with this name if it is allowed; adds no problem. */
  Optional<Option> find(String name) {
    Optional<Option> shipped = options.find(name);
    return shipped.isPresent() ? shipped : allowedByProperty(name);
  }

  /** The option with this name; if it is refused, adds a problem and returns empty. */
  Optional<Option> find(String name, Entry entry, String path) {
    Optional<Option> found = find(name);
    if (found.isEmpty()) {
      problems.add(entry.key(), path, () -> refusal(name));
    }
    found.ifPresent(option -> remark(option, entry, path));
    return found;
  }

  /** Adds the warning that there may be about an option; the same one only once. */
  void remark(Option option, Entry entry, String path) {
    rules
        .optionRemark(option.name())
        .filter(remarks::add)
        .ifPresent(remark -> problems.warn(entry.key(), path, remark));
  }

  /** Whether aiperf or a property knows this name, so that it is not a typo. */
  boolean isKnown(String name) {
    return options.isKnown(normalize(name)) || allowedByProperty(name).isPresent();
  }

  /** Why an option is refused. */
  String refusal(String written) {
    String name = normalize(written);
    Optional<String> proper = options.find(name).map(Option::name).or(() -> options.nameOf(name));
    if (proper.isPresent()) {
      return "write it as " + proper.get();
    }
    Optional<String> positive =
        Optional.of(name).filter(n -> n.startsWith(NEGATIVE)).flatMap(this::switchOf);
    return positive
        .map(on -> "write " + on + ": false")
        .or(() -> options.refusal(name).map(reason -> message(name, reason)))
        .orElseGet(() -> unknown(name));
  }

  private String message(String name, Reason reason) {
    String places =
        name.equals(BaseSection.HEADER) ? ", in base_config or in base_config.aiperf_options" : "";
    if (!reason.key().isEmpty()) {
      return reason.message() + "; set it there as " + reason.key();
    }
    return reason.permanent()
        ? "not allowed: " + reason.message()
        : "not allowed: " + reason.message() + "; set " + PROPERTY + " to allow it" + places;
  }

  private String unknown(String name) {
    return "not an allowed option"
        + NearestName.hint(name, options.allowed().keySet())
        + "; set "
        + PROPERTY
        + " to allow more";
  }

  private Optional<String> switchOf(String negative) {
    return options
        .find(negative.substring(NEGATIVE.length()))
        .filter(option -> option.kind() == Option.Kind.SWITCH)
        .map(Option::name);
  }

  private Optional<Option> allowedByProperty(String name) {
    boolean listed = rules.optionAllowed(name);
    boolean permanent = options.refusal(name).map(Reason::permanent).orElse(false);
    return listed && !permanent && NAME.matcher(name).matches()
        ? Optional.of(Option.free(name))
        : Optional.empty();
  }

  private static String normalize(String name) {
    return name.replaceFirst("^--", "").replace('-', '_');
  }
}
