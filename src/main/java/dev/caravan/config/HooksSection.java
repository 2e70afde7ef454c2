package dev.caravan.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.Hook.OnFailure;
import dev.caravan.config.settings.HookName;
import dev.caravan.config.text.DisplayText;
import dev.caravan.config.text.NearestName;
import dev.caravan.config.yaml.Mapping;
import dev.caravan.config.yaml.Problems;
import dev.caravan.config.yaml.Scalar;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;

/** Reads {@code hooks}: which commands of the executing host run around batches and runs. */
final class HooksSection {

  static final String PATH = "hooks";

  static final String RUN = "run";
  static final String ON_FAILURE = "on_failure";

  private final ConfigRules rules;
  private final ValueReader values;
  private final Problems problems;

  HooksSection(ConfigRules rules, Problems problems) {
    this.rules = rules;
    this.values = new ValueReader(rules, problems);
    this.problems = problems;
  }

  /** The keys of the section. */
  static List<String> keys() {
    return Arrays.stream(HookEvent.values()).map(HookEvent::key).toList();
  }

  /** The hooks by their events. */
  Map<HookEvent, Hook> read(Mapping section) {
    Map<HookEvent, Hook> hooks = new EnumMap<>(HookEvent.class);
    section
        .entries()
        .forEach(
            (key, entry) -> {
              Optional<HookEvent> event =
                  Arrays.stream(HookEvent.values()).filter(e -> e.key().equals(key)).findFirst();
              if (event.isEmpty()) {
                problems.add(entry.key(), section.path(key), () -> unknown(key));
              } else if (!ValueReader.isAbsent(entry.value())) {
                hook(event.get(), entry.value(), section.path(key))
                    .ifPresent(hook -> hooks.put(event.get(), hook));
              }
            });
    return hooks;
  }

  private static String unknown(String key) {
    String near = NearestName.hint(key, keys());
    return "unknown key" + (near.isEmpty() ? "; valid keys: " + String.join(", ", keys()) : near);
  }

  private Optional<Hook> hook(HookEvent event, Node node, String path) {
    OnFailure byDefault = event.choices().get(0);
    if (!(node instanceof MappingNode mapping)) {
      return name(event, node, path).map(name -> new Hook(name, byDefault));
    }
    Mapping given = Mapping.of(mapping, path, problems);
    SectionReader reader = new SectionReader(given, mapKeys(event), values, problems);
    OnFailure onFailure =
        reader
            .string(ON_FAILURE)
            .flatMap(
                value -> event.choices().stream().filter(c -> c.value().equals(value)).findFirst())
            .orElse(byDefault);
    Optional<Node> run = reader.node(RUN);
    if (run.isEmpty()) {
      problems.add(node, path, "must have " + RUN + ", the name of a hook");
    }
    return run.flatMap(name -> name(event, name, given.path(RUN)))
        .map(name -> new Hook(name, onFailure));
  }

  private static List<ConfigKey> mapKeys(HookEvent event) {
    return List.of(
        ConfigKey.of(RUN, ConfigKey.Type.STRING, "Name of the hook."),
        ConfigKey.of(ON_FAILURE, ConfigKey.Type.STRING, "Effect of a failure.")
            .withChoices(event.choices().stream().map(OnFailure::value).toList())
            .withDefault(event.choices().get(0).value()));
  }

  /** A config may come from anybody: it chooses among the names that this host knows. */
  private Optional<String> name(HookEvent event, Node node, String path) {
    Optional<String> name = values.scalar(node, path, "the name of a hook").map(Scalar::raw);
    Optional<String> refusal =
        name.flatMap(given -> nameRefusal(given).or(() -> rules.hookRefusal(event, given)));
    refusal.ifPresent(
        why -> problems.add(node, path, DisplayText.quoted(name.orElseThrow()) + ": " + why));
    return refusal.isEmpty() ? name : Optional.empty();
  }

  /** Who gives no name may have given a command. */
  private static Optional<String> nameRefusal(String given) {
    String hint = HookName.isWellFormed(given) ? "" : "; the command is a property";
    return HookName.refusal(given).map(why -> why + hint);
  }

  /** The schema of the section. */
  static ObjectNode schema() {
    ObjectNode section =
        JsonNodeFactory.instance
            .objectNode()
            .put("description", "Commands of the executing host that run around batches and runs.");
    section.putArray("type").add("object").add("null");
    section.put("additionalProperties", false);
    ObjectNode properties = section.putObject("properties");
    for (HookEvent event : HookEvent.values()) {
      describe(properties.putObject(event.key()), event);
    }
    return section;
  }

  private static void describe(ObjectNode node, HookEvent event) {
    node.put("description", event.description());
    ArrayNode forms = node.putArray("anyOf");
    forms.addObject().put("type", "null");
    forms.addObject().put("type", "string").put("pattern", HookName.PATTERN);
    ObjectNode mapping = forms.addObject().put("type", "object").put("additionalProperties", false);
    ObjectNode properties = mapping.putObject("properties");
    properties.putObject(RUN).put("type", "string").put("pattern", HookName.PATTERN);
    ArrayNode choices = properties.putObject(ON_FAILURE).putArray("enum");
    event.choices().forEach(choice -> choices.add(choice.value()));
    mapping.putArray("required").add(RUN);
  }
}
