package dev.caravan.observe.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The variants of a batch as sides: the base, and each other against it. */
final class VariantPairs {

  private final ComparedBatch batch;
  private final Map<String, List<ComparedVariant>> groups = new LinkedHashMap<>();

  VariantPairs(ComparedBatch batch) {
    this.batch = batch;
    batch
        .variants()
        .forEach(
            each -> groups.computeIfAbsent(each.group(), group -> new ArrayList<>()).add(each));
  }

  /** The first variant, or group of them; empty without variants. */
  String first() {
    return groups.keySet().stream().findFirst().orElse("");
  }

  /** The group of a variant, or of that name; empty when there is neither. */
  String group(String name) {
    return groups.containsKey(name)
        ? name
        : batch.variants().stream()
            .filter(each -> each.name().equals(name))
            .map(ComparedVariant::group)
            .findFirst()
            .orElse("");
  }

  /** The groups that are compared with a base. */
  List<String> others(String base) {
    return groups.keySet().stream().filter(group -> !group.equals(base)).toList();
  }

  ComparedSide base(String group) {
    return new ComparedSide(group, parts(batch, group));
  }

  ComparedSide candidate(String group) {
    return new ComparedSide(batch.id() + " " + group, parts(batch, group));
  }

  private List<ComparedBatch> parts(ComparedBatch of, String group) {
    return groups.get(group).stream().map(variant -> of.ofVariant(variant.name())).toList();
  }

  /**
   * How two groups are related.
   *
   * @param earlier alike batches of the same config
   */
  Pairing pairing(String base, String candidate, List<ComparedBatch> earlier) {
    List<ComparedVariant> both =
        Stream.of(base, candidate).flatMap(group -> groups.get(group).stream()).toList();
    Set<String> keys =
        both.stream()
            .flatMap(each -> each.keys().stream())
            .flatMap(VariantPairs::withItsEffect)
            .collect(Collectors.toCollection(TreeSet::new));
    TurnTaking turns = new TurnTaking(base(base), candidate(candidate));
    boolean isParametersOnly = both.stream().noneMatch(ComparedVariant::labelled);
    boolean isInTurn = turns.isInTurn(isParametersOnly);
    String first = groups.get(base).get(0).name();
    return new Pairing(
        keys,
        isInTurn,
        earlier.stream().map(each -> each.ofVariant(first)).toList(),
        isInTurn ? List.of() : List.of(turns.reason()));
  }

  /** A variant that sets lengths is meant to have others. */
  private static Stream<String> withItsEffect(String key) {
    return switch (key) {
      case "prompt_input_tokens_mean", "input_file" -> Stream.of(key, Likeness.INPUT_TOKENS);
      case "prompt_output_tokens_mean", "extra_inputs" -> Stream.of(key, Likeness.OUTPUT_TOKENS);
      default -> Stream.of(key);
    };
  }
}
