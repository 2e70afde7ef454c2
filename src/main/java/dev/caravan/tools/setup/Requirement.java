package dev.caravan.tools.setup;

import dev.caravan.config.settings.Version;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What pip is asked for: a version of aiperf, with some of its extras.
 *
 * @param version the version
 * @param extras their normalized names (PEP 685), in alphabetical order
 */
record Requirement(String version, SortedSet<String> extras) {

  /** The extras of the aiperf that Caravan is tested with. */
  static final Set<String> TESTED_EXTRAS =
      Set.of("accuracy", "botorch", "dev", "mlflow", "optuna", "otel", "test", "wandb");

  private static final String FOLDER = "aiperf-";

  /** Neither a version nor the normalized name of an extra contains it. */
  private static final String SEPARATOR = "_";

  Requirement {
    extras = Collections.unmodifiableSortedSet(new TreeSet<>(extras));
  }

  /**
   * The requirement that a user names.
   *
   * @throws SetupFailedException when this is no version, or has an extra that the version cannot
   *     have
   */
  static Requirement of(String version, Collection<String> extras) throws SetupFailedException {
    if (!version.matches("\\d[0-9A-Za-z.+!-]{0,60}")) {
      throw new SetupFailedException(
          "'" + version + "' is not an aiperf version, such as " + Version.AIPERF);
    }
    Requirement requirement =
        new Requirement(
            version,
            extras.stream()
                .map(Requirement::normalized)
                .collect(Collectors.toCollection(TreeSet::new)));
    Optional<String> fault = requirement.fault();
    if (fault.isPresent()) {
      throw new SetupFailedException(fault.get());
    }
    return requirement;
  }

  /**
   * The requirement of the environment in a folder of this name; empty if that is not of this
   * version.
   */
  static Optional<Requirement> ofFolder(String name, String version) {
    List<String> parts = List.of(name.split(SEPARATOR, -1));
    return Optional.of(new Requirement(version, new TreeSet<>(parts.subList(1, parts.size()))))
        .filter(requirement -> parts.get(0).equals(FOLDER + version))
        .filter(requirement -> requirement.fault().isEmpty());
  }

  /** The form of a name in which PEP 685 compares it. */
  static String normalized(String extra) {
    return extra.strip().toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-");
  }

  /** Whether an aiperf that answers so has the version: zeros at its end mean nothing (PEP 440). */
  boolean hasVersion(String answer) {
    return withoutZeros(version).equals(withoutZeros(answer));
  }

  private static String withoutZeros(String version) {
    String rest = version;
    while (rest.endsWith(".0")) {
      rest = rest.substring(0, rest.length() - 2);
    }
    return rest;
  }

  /** This requirement, with further extras. */
  Requirement with(Collection<String> more) {
    SortedSet<String> all = new TreeSet<>(extras);
    all.addAll(more);
    return new Requirement(version, all);
  }

  /** As pip reads it, such as {@code aiperf[mlflow,wandb]==0.13.0}. */
  String specifier() {
    return "aiperf" + list("[", ",", "]") + "==" + version;
  }

  /** The name of its environment: the version and the extras. */
  String environment() {
    return version + list(SEPARATOR, SEPARATOR, "");
  }

  /** In words, such as {@code aiperf 0.13.0 (extras: mlflow, wandb)}. */
  String words() {
    return "aiperf " + version + list(" (extras: ", ", ", ")");
  }

  private String list(String before, String between, String after) {
    return extras.isEmpty() ? "" : before + String.join(between, extras) + after;
  }

  /**
   * Which of the extras the version does not have, of which pip only warns; empty if it has all.
   */
  Optional<String> missing(Collection<String> provided) {
    return extras.stream()
        .filter(extra -> !provided.contains(extra))
        .findFirst()
        .map(
            extra ->
                "aiperf %s has no extra %s%s\n  Its extras: %s"
                    .formatted(
                        version,
                        DisplayText.quoted(extra),
                        NearestName.hint(extra, provided),
                        provided.isEmpty() ? "none" : String.join(", ", new TreeSet<>(provided))));
  }

  private Optional<String> fault() {
    return Stream.concat(
            extras.stream()
                .filter(extra -> !extra.matches("[a-z0-9]([a-z0-9-]{0,60}[a-z0-9])?"))
                .map(
                    extra ->
                        DisplayText.quoted(extra)
                            + " is not the name of an extra, such as"
                            + " mlflow"),
            version.equals(Version.AIPERF) ? missing(TESTED_EXTRAS).stream() : Stream.empty())
        .findFirst();
  }
}
