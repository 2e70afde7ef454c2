package dev.caravan.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;

/** What a batch runs besides sweeps, around them, and how it is judged: in the JSON Schema. */
final class MatrixSchema {

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final String OBJECT = "object";
  private static final String STRING = "string";
  private static final String NULL = "null";
  private static final String PERCENT = "^[0-9]{1,3}(\\.[0-9]{1,6})?\\s?%$";
  private static final String VARIANT_NAME = "^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$";

  private MatrixSchema() {}

  /**
   * Adds the sections to the properties of the top level.
   *
   * @param base the schema of {@code base_config}
   */
  static void addTo(ObjectNode properties, ObjectNode base) {
    properties.set(
        PointsSection.PATH,
        list("Sets of values that belong together, multiplied by sweeps.", values()));
    properties.set(
        PointsSection.EXCLUDE, list("Runs with all of these values are left out.", values()));
    ObjectNode counts = section("Counts for each concurrent request, like request_count: 10.");
    counts.putObject("additionalProperties").put("type", "integer").put("minimum", 1);
    properties.set(PerConcurrencySection.PATH, counts);
    properties.set(RepeatSection.PATH, repeat());
    properties.set(VariantsSection.PATH, variants(base));
    ObjectNode slo = section("Bounds: the lowest value of a throughput, the highest of the rest.");
    ObjectNode bounds = slo.put("additionalProperties", false).putObject("properties");
    SloSection.METRICS.forEach(
        metric -> bounds.set(metric, ConfigSchema.optionalKey(SloSection.key(metric))));
    properties.set(SloSection.PATH, slo);
    properties.set(SearchSection.PATH, search());
    properties.set(CompareSection.PATH, compare());
    properties.set(HooksSection.PATH, HooksSection.schema());
  }

  private static ObjectNode section(String description) {
    ObjectNode section = JSON.objectNode().put("description", description);
    types(section, OBJECT, NULL);
    return section;
  }

  private static void types(ObjectNode node, String... names) {
    ArrayNode types = node.putArray("type");
    Stream.of(names).forEach(types::add);
  }

  private static ObjectNode list(String description, ObjectNode items) {
    ObjectNode list = JSON.objectNode().put("description", description);
    types(list, "array", NULL);
    list.put("minItems", 1).set("items", items);
    return list;
  }

  private static ObjectNode values() {
    ObjectNode values = JSON.objectNode().put("type", OBJECT).put("minProperties", 1);
    types(values.putObject("additionalProperties"), STRING, "number", "boolean");
    return values;
  }

  private static ObjectNode repeat() {
    ObjectNode repeat = JSON.objectNode().put("description", "How often every point is run.");
    ArrayNode forms = repeat.putArray("anyOf");
    forms.addObject().put("type", NULL);
    forms.addObject().put("type", "integer").put("minimum", 1);
    ObjectNode mapping = forms.addObject().put("type", OBJECT).put("additionalProperties", false);
    ObjectNode properties = mapping.putObject("properties");
    RepeatSection.KEYS.forEach(key -> properties.set(key.name(), ConfigSchema.optionalKey(key)));
    properties.set(RepeatSection.TIMES.name(), ConfigSchema.requiredKey(RepeatSection.TIMES));
    mapping.putArray("required").add(RepeatSection.TIMES.name());
    return repeat;
  }

  private static ObjectNode variants(ObjectNode base) {
    ObjectNode variants =
        section("Things to compare: what each changes in base_config; the first is the base.");
    ObjectNode variant = JSON.objectNode();
    types(variant, OBJECT, NULL);
    ObjectNode keys = base.get("properties").deepCopy();
    keys.set(LabelsSection.PATH, ConfigSchema.labels());
    ObjectNode group = keys.putObject(VariantsSection.GROUP).put("pattern", VARIANT_NAME);
    types(group, STRING, NULL);
    variant.put("additionalProperties", false).set("properties", keys);
    variants.putObject("patternProperties").set(VARIANT_NAME, variant);
    return variants.put("additionalProperties", false);
  }

  private static ObjectNode search() {
    ObjectNode search = section("Searches for the highest load that meets slo, between two ends.");
    ObjectNode properties = search.putObject("properties");
    for (String load : ConfigKeys.LOADS) {
      ObjectNode ends = properties.putObject(load);
      ends.put("description", "The lowest and the highest value to try.");
      ends.put("type", "array").put("minItems", 2).put("maxItems", 2);
      ends.putObject("items").put("type", "number").put("exclusiveMinimum", 0);
    }
    properties
        .putObject(SearchSection.PRECISION)
        .put("description", "Precision of the answer: 5% by default.")
        .put("type", STRING)
        .put("pattern", PERCENT);
    search.put("additionalProperties", false);
    ArrayNode loads = search.putArray("oneOf");
    ConfigKeys.LOADS.forEach(load -> loads.addObject().putArray("required").add(load));
    return search;
  }

  private static ObjectNode compare() {
    ObjectNode compare = section("What the batch is compared with when it ends.");
    ObjectNode properties = compare.putObject("properties");
    CompareSection.KEYS.forEach(key -> properties.set(key.name(), ConfigSchema.optionalKey(key)));
    ObjectNode metric = JSON.objectNode().put("type", STRING);
    CompareSection.COMPARABLE.forEach(metric.putArray("enum")::add);
    oneOrMore(properties, CompareSection.METRICS, metric);
    oneOrMore(properties, CompareSection.ALLOW, JSON.objectNode().put("type", STRING));
    ObjectNode tolerance = (ObjectNode) properties.get(CompareSection.TOLERANCE);
    types(tolerance, OBJECT, NULL);
    ObjectNode tolerances = tolerance.put("additionalProperties", false).putObject("properties");
    CompareSection.COMPARABLE.forEach(
        name -> tolerances.putObject(name).put("type", STRING).put("pattern", PERCENT));
    compare.put("additionalProperties", false);
    ArrayNode bases = compare.putArray("oneOf");
    CompareSection.BASES.forEach(key -> isSet(bases.addObject(), key.name()));
    return compare;
  }

  /** One value, a list of different ones, or none. */
  private static void oneOrMore(ObjectNode properties, String key, ObjectNode value) {
    ObjectNode node = (ObjectNode) properties.get(key);
    node.remove("type");
    ArrayNode forms = node.putArray("anyOf");
    forms.add(value);
    forms.addObject().put("type", "array").put("uniqueItems", true).set("items", value);
    forms.addObject().put("type", NULL);
  }

  private static void isSet(ObjectNode schema, String key) {
    schema.putArray("required").add(key);
    schema.putObject("properties").putObject(key).putObject("not").put("type", NULL);
  }
}
