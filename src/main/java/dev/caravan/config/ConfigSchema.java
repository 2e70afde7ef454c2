package dev.caravan.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.text.Durations;
import java.time.Duration;
import java.util.Collection;
import java.util.List;

/**
 * The JSON Schema (draft 7, which editors know best) of a config, made from the key table and the
 * list of aiperf options. It helps while typing; {@link ConfigReader} decides.
 */
public final class ConfigSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String DESCRIPTION = "description";
  private static final String PROPERTIES = "properties";
  private static final int MAX_BYTES = 200;

  private ConfigSchema() {}

  /** The schema as text, ending in a line break. */
  public static String text() {
    DefaultIndenter unix = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(unix).withArrayIndenter(unix);
    try {
      return new ObjectMapper().writer(printer).writeValueAsString(tree()) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes is always JSON", e);
    }
  }

  /** The schema as a tree. */
  public static ObjectNode tree() {
    ObjectNode schema = JSON.objectNode();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Caravan benchmark config");
    schema.put("type", "object");
    ObjectNode properties = schema.putObject(PROPERTIES);
    properties.set(
        TopSection.NAME, name("Name of the batch, its folder.", TopSection.DEFAULT_NAME));
    properties.set(TopSection.OUTPUT, name("Folder for all results.", TopSection.DEFAULT_OUTPUT));
    properties.set(BaseSection.PATH, base());
    properties.set(SweepsSection.PATH, sweeps());
    properties.set(LabelsSection.PATH, labels());
    own(properties);
    schema.putObject("patternProperties").putObject("^(x-|_)");
    schema.put("additionalProperties", false);
    schema.set("required", strings(List.of(BaseSection.PATH)));
    schema.set("allOf", required());
    return schema;
  }

  private static ObjectNode name(String description, String byDefault) {
    ObjectNode name = JSON.objectNode();
    name.put(DESCRIPTION, description);
    name.set("type", nullable("string"));
    name.put("default", byDefault);
    return name;
  }

  private static ObjectNode base() {
    ObjectNode base = section("Parameters of every run; a sweep lays its values over them.");
    ObjectNode properties = base.putObject(PROPERTIES);
    for (ConfigKey key : ConfigKeys.all()) {
      properties.set(
          key.name(), key.type() == ConfigKey.Type.OPTIONS ? options(key) : optional(key));
    }
    return base;
  }

  private static void own(ObjectNode properties) {
    properties.set(TopSection.PRIORITY.name(), optional(TopSection.PRIORITY));
    properties.set(
        LimitsSection.PATH,
        own("How long a run and its phases may take, and when to give up.", LimitsSection.KEYS));
    properties.set(RetrySection.PATH, own("Which failed runs are tried again.", RetrySection.KEYS));
    properties.set(WorkerSection.PATH, own("Which machines run it.", WorkerSection.KEYS));
    properties.set(
        ReadinessSection.PATH,
        own("What makes the target ready, and how long to wait for it.", ReadinessSection.KEYS));
    properties.set(
        RerunSection.PATH, own("Asks for one run of an earlier batch again.", RerunSection.KEYS));
  }

  private static ObjectNode own(String description, List<ConfigKey> keys) {
    ObjectNode own = section(description);
    ObjectNode properties = own.putObject(PROPERTIES);
    keys.forEach(key -> properties.set(key.name(), key.required() ? needed(key) : optional(key)));
    List<String> required = keys.stream().filter(ConfigKey::required).map(ConfigKey::name).toList();
    if (!required.isEmpty()) {
      own.set("required", strings(required));
    }
    return own;
  }

  private static ObjectNode needed(ConfigKey key) {
    ObjectNode node = value(key);
    node.put(DESCRIPTION, key.description());
    return node;
  }

  private static ObjectNode optional(ConfigKey key) {
    ObjectNode node = value(key);
    node.set("type", nullable(type(key.type())));
    if (node.get("enum") instanceof ArrayNode choices) {
      choices.addNull();
    }
    node.put(DESCRIPTION, key.description());
    key.byDefault()
        .map(v -> v instanceof Duration duration ? Durations.text(duration) : v)
        .ifPresent(v -> node.putPOJO("default", v));
    return node;
  }

  private static ObjectNode value(ConfigKey key) {
    ObjectNode node = JSON.objectNode();
    node.put("type", type(key.type()));
    if (key.type() == ConfigKey.Type.DURATION) {
      return duration(node, key.bounds());
    }
    if (key.type() == ConfigKey.Type.WORDS) {
      return words(node, key.choices());
    }
    boolean zeroMeansSwept = key.name().equals("concurrency");
    limit(node, zeroMeansSwept ? NumberRange.from(0) : key.bounds());
    if (!key.choices().isEmpty()) {
      node.set("enum", strings(key.choices()));
    }
    switch (key.form()) {
      case URL -> node.put("pattern", "^[hH][tT][tT][pP][sS]?://[^/?#@]+(/[^?#]*)?$");
      case PATH -> node.put("pattern", "^/");
      case PATH_OR_NONE -> node.put("pattern", "^(/|none$)");
      case BATCH -> node.put("pattern", "^(?!(.*/)?\\.\\.(/|$)).*[^/]/+[^/]");
      case VARIABLE -> node.put("pattern", "^[A-Za-z_][A-Za-z0-9_]*$");
      default -> node.remove("pattern");
    }
    return node;
  }

  private static ObjectNode duration(ObjectNode node, NumberRange bounds) {
    String number = bounds.leastExcluded() ? "0*[1-9][0-9]*" : "[0-9]+";
    return node.put("pattern", "^" + number + "(ms|s|m|h)$");
  }

  private static ObjectNode words(ObjectNode node, List<String> choices) {
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
    limit(node, option.bounds());
    if (!option.choices().isEmpty()) {
      String choices = String.join(", ", option.choices());
      node.put(DESCRIPTION, "One of " + choices + ".");
    }
    return node;
  }

  private static ObjectNode sweeps() {
    ObjectNode sweeps =
        section("For a key or an aiperf option its values; every combination is one run.");
    ObjectNode properties = sweeps.putObject(PROPERTIES);
    for (ConfigKey key : ConfigKeys.all()) {
      if (key.sweepable()) {
        properties.set(key.name(), list(swept(key)));
      }
    }
    AiperfOptions.shipped()
        .allowed()
        .keySet()
        .forEach(name -> properties.set(name, list(JSON.objectNode())));
    return sweeps;
  }

  private static ObjectNode swept(ConfigKey key) {
    ObjectNode node = value(key);
    limit(node, key.bounds());
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

  private static ObjectNode labels() {
    ObjectNode labels = JSON.objectNode();
    labels.put(DESCRIPTION, "Your own labels, such as engine, engine_version, gpu, gpus, commit.");
    labels.set("type", nullable("object"));
    ObjectNode values = labels.putObject("additionalProperties");
    values.set("type", nullable("string", "number", "boolean"));
    values.put("maxLength", MAX_BYTES);
    return labels;
  }

  /** Each required key is in base_config or in sweeps. */
  private static ArrayNode required() {
    ArrayNode all = JSON.arrayNode();
    for (ConfigKey key : ConfigKeys.all()) {
      if (key.required()) {
        ArrayNode either = all.addObject().putArray("anyOf");
        either.add(has(BaseSection.PATH, key.name()));
        either.add(has(SweepsSection.PATH, key.name()));
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

  private static void limit(ObjectNode node, NumberRange bounds) {
    bounds
        .least()
        .ifPresent(l -> node.put(bounds.leastExcluded() ? "exclusiveMinimum" : "minimum", l));
    bounds.most().ifPresent(m -> node.put("maximum", m));
  }

  private static String type(ConfigKey.Type type) {
    return switch (type) {
      case TEXT, DURATION -> "string";
      case WORDS -> "array";
      case INTEGER -> "integer";
      case NUMBER -> "number";
      case BOOLEAN -> "boolean";
      case OPTIONS -> "object";
    };
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
