package dev.caravan.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * Generates the JSON Schema of a config from the key tables and the list of aiperf options (draft
 * 7, which editors support best). It is an aid for editors; {@link ConfigReader} is the authority.
 */
public final class ConfigSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String DESCRIPTION = "description";
  private static final String PROPERTIES = "properties";
  private static final int MAX_LABEL_LENGTH = 200;
  private static final List<String> OTHER_PLACES =
      List.of(PointsSection.PATH, VariantsSection.PATH, PerConcurrencySection.PATH);

  private ConfigSchema() {}

  /** The schema as a JSON tree. */
  public static ObjectNode tree() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Caravan benchmark config");
    schema.put("type", "object");
    ObjectNode properties = schema.putObject(PROPERTIES);
    properties.set(
        TopSection.NAME,
        name("Name of the batch and of its results folder.", TopSection.DEFAULT_NAME));
    properties.set(TopSection.OUTPUT, name("Folder for all results.", TopSection.DEFAULT_OUTPUT));
    ObjectNode base = base();
    properties.set(BaseSection.PATH, base);
    properties.set(SweepsSection.PATH, sweeps());
    properties.set(LabelsSection.PATH, labels());
    addOwnSections(properties);
    MatrixSchema.addTo(properties, base);
    schema.putObject("patternProperties").putObject("^(x-|_)");
    schema.put("additionalProperties", false);
    schema.set("allOf", required());
    return schema;
  }

  private static ObjectNode name(String description, String defaultValue) {
    ObjectNode name = JSON.objectNode();
    name.put(DESCRIPTION, description);
    name.set("type", nullable("string"));
    name.put("default", defaultValue);
    return name;
  }

  private static ObjectNode base() {
    ObjectNode base = section("Parameters of every run; sweep values override them.");
    ObjectNode properties = base.putObject(PROPERTIES);
    for (ConfigKey key : ConfigKeys.all()) {
      properties.set(
          key.name(), key.type() == ConfigKey.Type.OPTIONS ? options(key) : optionalKey(key));
    }
    ConfigKeys.shortNames()
        .forEach((name, full) -> properties.set(name, properties.get(full).deepCopy()));
    return base;
  }

  private static void addOwnSections(ObjectNode properties) {
    properties.set(TopSection.PRIORITY.name(), optionalKey(TopSection.PRIORITY));
    properties.set(TopSection.VARY_PROMPTS.name(), optionalKey(TopSection.VARY_PROMPTS));
    properties.set(TopSection.COOL_DOWN.name(), optionalKey(TopSection.COOL_DOWN));
    properties.set(
        LimitsSection.PATH,
        ownSection(
            "How long a run and its phases may take, and when to cancel the rest.",
            LimitsSection.KEYS));
    properties.set(
        RetrySection.PATH, ownSection("Which failed runs are retried.", RetrySection.KEYS));
    properties.set(WorkerSection.PATH, ownSection("Which workers execute it.", WorkerSection.KEYS));
    properties.set(
        ReadinessSection.PATH,
        ownSection(
            "When the service counts as ready, and how long to wait for it.",
            ReadinessSection.KEYS));
    properties.set(
        ChecksSection.PATH,
        ChecksSection.addSchema(section("Levels and thresholds of the checks.")));
    properties.set(
        RerunSection.PATH,
        ownSection("Executes one run of an earlier batch again.", RerunSection.KEYS));
  }

  private static ObjectNode ownSection(String description, List<ConfigKey> keys) {
    ObjectNode own = section(description);
    ObjectNode properties = own.putObject(PROPERTIES);
    keys.forEach(
        key -> properties.set(key.name(), key.required() ? requiredKey(key) : optionalKey(key)));
    List<String> required = keys.stream().filter(ConfigKey::required).map(ConfigKey::name).toList();
    if (!required.isEmpty()) {
      own.set("required", strings(required));
    }
    return own;
  }

  static ObjectNode requiredKey(ConfigKey key) {
    ObjectNode node = value(key);
    node.put(DESCRIPTION, key.description());
    return node;
  }

  /** The schema of a key that may be null or left out. */
  static ObjectNode optionalKey(ConfigKey key) {
    ObjectNode node = value(key);
    node.set("type", nullable(types(key.type())));
    if (node.get("enum") instanceof ArrayNode choices) {
      choices.addNull();
    }
    node.put(DESCRIPTION, key.description());
    key.defaultValue()
        .map(v -> v instanceof Duration duration ? Durations.format(duration) : v)
        .ifPresent(v -> node.putPOJO("default", v));
    return node;
  }

  private static ObjectNode value(ConfigKey key) {
    ObjectNode node = JSON.objectNode();
    node.put("type", type(key.type()));
    if (key.type() == ConfigKey.Type.DURATION) {
      return duration(node, key.range());
    }
    if (key.type() == ConfigKey.Type.STRING_LIST) {
      return stringList(node, key.choices());
    }
    if (key.type() == ConfigKey.Type.RATE) {
      node.set("type", nullable(types(key.type())));
      node.put("pattern", "^\\+?\\.?[iI][nN][fF]([iI][nN][iI][tT][yY])?$");
      limit(node, key.range());
      return node;
    }
    boolean zeroAllowed = key.name().equals(ConfigKeys.CONCURRENCY);
    limit(node, zeroAllowed ? NumberRange.atLeast(0) : key.range());
    if (!key.choices().isEmpty()) {
      node.set("enum", strings(key.choices()));
    }
    switch (key.format()) {
      case URL -> node.put("pattern", "^[hH][tT][tT][pP][sS]?://[^/?#@]+(/[^?#]*)?$");
      case PATH -> node.put("pattern", "^/");
      case ENDPOINT -> node.put("pattern", "^(?!.*://)[!-~]+$");
      case PATH_OR_NONE -> node.put("pattern", "^(none|(?![nN][oO][nN][eE]$)(?!.*://)[!-~]+)$");
      case BATCH -> node.put("pattern", "^(?!(.*/)?\\.\\.(/|$)).*[^/]/+[^/]");
      case VARIABLE -> node.put("pattern", "^[A-Za-z_][A-Za-z0-9_]*$");
      default -> node.remove("pattern");
    }
    return node;
  }

  private static ObjectNode duration(ObjectNode node, NumberRange range) {
    String number = range.minExclusive() ? "0*[1-9][0-9]*" : "[0-9]+";
    return node.put("pattern", "^" + number + "(ms|s|m|h)$");
  }

  private static ObjectNode stringList(ObjectNode node, List<String> choices) {
    node.put("uniqueItems", true);
    node.putObject("items").set("enum", strings(choices));
    return node;
  }

  private static ObjectNode options(ConfigKey key) {
    ObjectNode options = section(key.description());
    ObjectNode properties = options.putObject(PROPERTIES);
    AiperfOptions.shipped().allowed().values().forEach(o -> properties.set(o.name(), option(o)));
    return options;
  }

  private static ObjectNode option(Option option) {
    ObjectNode node = JSON.objectNode();
    switch (option.kind()) {
      case FLAG, SWITCH -> node.set("type", nullable("boolean"));
      case INTEGER -> node.set("type", nullable("integer"));
      case NUMBER -> node.set("type", nullable("number"));
      case LIST -> node.set("type", nullable("string", "number", "array"));
      case PAIRS, MAP -> node.set("type", nullable("string", "array", "object"));
      default -> node.set("type", nullable("string", "number"));
    }
    limit(node, option.range());
    if (!option.choices().isEmpty()) {
      String choices = String.join(", ", option.choices());
      node.put(DESCRIPTION, "One of " + choices + ".");
    }
    return node;
  }

  private static ObjectNode sweeps() {
    ObjectNode sweeps =
        section("Lists of values for keys and aiperf options; every combination is a run.");
    ObjectNode properties = sweeps.putObject(PROPERTIES);
    for (ConfigKey key : ConfigKeys.all()) {
      if (key.sweepable()) {
        properties.set(key.name(), list(swept(key)));
      }
    }
    ConfigKeys.shortNames()
        .forEach((name, full) -> properties.set(name, properties.get(full).deepCopy()));
    AiperfOptions.shipped()
        .allowed()
        .keySet()
        .forEach(name -> properties.set(name, list(JSON.objectNode())));
    return sweeps;
  }

  private static ObjectNode swept(ConfigKey key) {
    ObjectNode node = value(key);
    limit(node, key.range());
    return node;
  }

  private static ObjectNode list(ObjectNode items) {
    ObjectNode list = JSON.objectNode();
    list.put("type", "array");
    list.put("minItems", 1);
    list.put("uniqueItems", true);
    list.set("items", items);
    return list;
  }

  /** The schema of the labels of a batch or variant. */
  static ObjectNode labels() {
    ObjectNode labels = JSON.objectNode();
    labels.put(DESCRIPTION, "Your own labels, such as engine, engine_version, gpu, gpus, commit.");
    labels.set("type", nullable("object"));
    ObjectNode values = labels.putObject("additionalProperties");
    values.set("type", nullable("string", "number", "boolean"));
    values.put("maxLength", MAX_LABEL_LENGTH);
    return labels;
  }

  /** Each required key must be in base_config or in sweeps, unless other sections may have it. */
  private static ArrayNode required() {
    ArrayNode all = JSON.arrayNode();
    for (ConfigKey key : ConfigKeys.all()) {
      if (key.required()) {
        ArrayNode either = all.addObject().putArray("anyOf");
        either.add(has(BaseSection.PATH, key.name()));
        either.add(has(SweepsSection.PATH, key.name()));
        OTHER_PLACES.forEach(
            section -> either.addObject().set("required", strings(List.of(section))));
      }
    }
    return all;
  }

  private static ObjectNode has(String section, String key) {
    ObjectNode node = JSON.objectNode();
    node.set("required", strings(List.of(section)));
    node.putObject(PROPERTIES).putObject(section).set("required", strings(List.of(key)));
    return node;
  }

  private static ObjectNode section(String description) {
    ObjectNode section = JSON.objectNode();
    section.put(DESCRIPTION, description);
    section.set("type", nullable("object"));
    section.put("additionalProperties", false);
    return section;
  }

  private static void limit(ObjectNode node, NumberRange range) {
    range.min().ifPresent(l -> node.put(range.minExclusive() ? "exclusiveMinimum" : "minimum", l));
    range.max().ifPresent(m -> node.put("maximum", m));
  }

  private static String type(ConfigKey.Type type) {
    return switch (type) {
      case STRING, DURATION -> "string";
      case STRING_LIST -> "array";
      case INTEGER -> "integer";
      case NUMBER, RATE -> "number";
      case BOOLEAN -> "boolean";
      case OPTIONS -> "object";
    };
  }

  private static String[] types(ConfigKey.Type type) {
    return type == ConfigKey.Type.RATE
        ? new String[] {"number", "string"}
        : new String[] {type(type)};
  }

  private static ArrayNode nullable(String... types) {
    ArrayNode all = strings(List.of(types));
    return all.add("null");
  }

  private static ArrayNode strings(Collection<String> texts) {
    ArrayNode all = JSON.arrayNode();
    texts.forEach(all::add);
    return all;
  }
}
