package dev.caravan.app.camel;

import dev.caravan.app.camel.RouteUse.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/** Reads what the routes of some files are and need, without loading them. */
final class RouteScan {

  private static final String WITHOUT_ID = "without id";
  private static final Pattern BEAN = Pattern.compile("#(?:bean:)?([A-Za-z][\\w-]*)");
  private static final Set<String> URI_STEPS =
      Set.of("from", "to", "toD", "wireTap", "enrich", "pollEnrich", "poll");
  private static final Set<String> CLASSES = Set.of("unmarshalType", "beanType", "exception");
  private static final Set<String> MADE_BY =
      Set.of("builderClass", "factoryBean", "factoryMethod", "script");

  /** A route of a file. */
  record FoundRoute(RouteFile file, String id) {}

  private final CamelNames names;
  private final RouteProperties properties;
  private final List<FoundRoute> routes = new ArrayList<>();
  private final List<RouteUse> uses = new ArrayList<>();
  private final List<String> faults = new ArrayList<>();

  private final Set<String> consumed = new HashSet<>();

  /** The {@code direct:} endpoints whose routes certainly start, each with its file. */
  private final Map<String, String> started = new HashMap<>();

  private final Map<String, String> beans = new HashMap<>();
  private final Map<String, Map<?, ?>> templates = new HashMap<>();

  RouteScan(CamelNames names, RouteProperties properties) {
    this.names = names;
    this.properties = properties;
  }

  /** The routes, in the order of their files. */
  List<FoundRoute> routes() {
    return List.copyOf(routes);
  }

  /** What they need. */
  List<RouteUse> uses() {
    return List.copyOf(uses);
  }

  /** The files that are no list of routes, or cannot be read. */
  List<String> faults() {
    return List.copyOf(faults);
  }

  /** The {@code direct:} endpoints that they consume. */
  Set<String> consumed() {
    return Set.copyOf(consumed);
  }

  /** The beans that the files themselves define, with the classes that they name. */
  Map<String, String> beans() {
    return Map.copyOf(beans);
  }

  /** Notes what is wrong with a file. */
  void fault(RouteFile file, String text) {
    faults.add(file.display() + ": " + text);
  }

  /** Reads one more file. */
  void add(RouteFile file, String text) {
    try {
      if (new Yaml(new SafeConstructor(new LoaderOptions())).load(text) instanceof List<?> list) {
        list.stream()
            .filter(Map.class::isInstance)
            .forEach(entry -> ((Map<?, ?>) entry).forEach((k, v) -> entry(file, k + "", v)));
      } else {
        fault(file, "is not a list of routes");
      }
    } catch (YAMLException e) {
      fault(file, "is no YAML: " + e.getMessage().lines().findFirst().orElse(""));
    }
  }

  private void entry(RouteFile file, String kind, Object value) {
    if (!(value instanceof Map<?, ?> node)) {
      walk(file.display(), Map.of(kind, value == null ? "" : value), properties);
    } else if (kind.equals("routeTemplate")) {
      templates.put(node.get("id") + "", node);
    } else if (kind.equals("templatedRoute")) {
      instance(file, node.get("routeTemplateRef") + "", id(node.get("routeId")), parameters(node));
    } else if (kind.equals("route")) {
      route(file, id(node.get("id")), node, properties);
    } else if (kind.equals("from")) {
      route(file, WITHOUT_ID, Map.of("from", node), properties);
    } else {
      walk(file.display(), node, properties);
    }
    if (kind.equals("beans") && value instanceof Collection<?> defined) {
      defined.forEach(this::define);
    }
  }

  private void define(Object bean) {
    if (bean instanceof Map<?, ?> node) {
      beans.put(node.get("name") + "", className(node));
    }
  }

  /** Empty for a bean that something else makes, as its class may be another. */
  private static String className(Map<?, ?> bean) {
    boolean isMade = MADE_BY.stream().anyMatch(bean::containsKey);
    String type = isMade || bean.get("type") == null ? "" : bean.get("type") + "";
    return type.replaceFirst("^#class:", "").replaceFirst("(?s)[(#].*", "");
  }

  private Map<String, String> parameters(Map<?, ?> node) {
    Map<String, String> parameters = new HashMap<>();
    if (node.get("parameters") instanceof List<?> list) {
      for (Object item : list) {
        if (item instanceof Map<?, ?> parameter) {
          parameters.put(parameter.get("name") + "", parameter.get("value") + "");
        }
      }
    }
    return parameters;
  }

  /** A route that is made of a template. */
  void instance(RouteFile file, String template, String id, Map<String, String> parameters) {
    Map<?, ?> node = templates.get(template);
    if (node == null) {
      fault(file, "there is no route template " + template);
    } else {
      Object route = node.get("route");
      route(file, id, route instanceof Map<?, ?> map ? map : node, properties.with(parameters));
    }
  }

  private void route(RouteFile file, String id, Map<?, ?> node, RouteProperties values) {
    String where = file.display() + ": route " + id;
    boolean isLoaded = !node.containsKey("precondition"); // for sure
    if (isLoaded) {
      requireOwnId(where, id);
    }
    routes.add(new FoundRoute(file, id));
    Object from = node.get("from");
    String uri = from instanceof Map<?, ?> map ? uri(map) : from + "";
    Optional<String> direct =
        values
            .resolve(uri)
            .filter(each -> each.startsWith("direct:"))
            .map(each -> each.replaceFirst("\\?.*", ""));
    direct.ifPresent(consumed::add);
    if (isLoaded && !node.containsKey("autoStartup")) {
      direct.ifPresent(each -> requireOwnEndpoint(file, where, each));
    }
    walk(where, node, values);
  }

  private void requireOwnId(String where, String id) {
    routes.stream()
        .filter(other -> other.id().equals(id) && !id.equals(WITHOUT_ID))
        .findFirst()
        .ifPresent(
            other -> faults.add(where + ": " + other.file().display() + " has a route of this id"));
  }

  /** Camel starts no second route that consumes an endpoint. */
  private void requireOwnEndpoint(RouteFile file, String where, String endpoint) {
    String other = started.putIfAbsent(endpoint, file.display());
    if (other != null) {
      faults.add(where + ": " + other + " consumes " + endpoint + ", too");
    }
  }

  private static String id(Object value) {
    return value == null ? WITHOUT_ID : value + "";
  }

  /** The URI of an endpoint, with the name that {@code parameters} give a direct one. */
  private static String uri(Map<?, ?> node) {
    Object uri = node.get("uri");
    return "direct".equals(uri) && node.get("parameters") instanceof Map<?, ?> map
        ? "direct:" + map.get("name")
        : uri + "";
  }

  private void walk(String where, Object node, RouteProperties values) {
    if (node instanceof Collection<?> list) {
      list.forEach(item -> walk(where, item, values));
    } else if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> step(where, key + "", value, values));
    } else if (node instanceof String text) {
      values.unknown(text).forEach(key -> use(where, Kind.PROPERTY, key));
    }
  }

  private void step(String where, String key, Object value, RouteProperties values) {
    if (URI_STEPS.contains(key)) {
      endpoint(where, value, values);
    } else if (CLASSES.contains(key)) {
      classes(where, value);
    } else if (key.equals("marshal") || key.equals("unmarshal")) {
      dataFormat(where, value);
    } else if (key.equals("objectMapper")) {
      use(where, Kind.BEAN, value + "");
    } else if (key.equals("parameters") && value instanceof Map<?, ?> parameters) {
      parameters.values().forEach(each -> reference(where, each + ""));
    } else if (names.has(CamelNames.Kind.LANGUAGE, key) && isExpression(value)) {
      use(where, Kind.LANGUAGE, key);
    }
    call(where, value);
    walk(where, value, values);
  }

  private void endpoint(String where, Object value, RouteProperties values) {
    String uri = value instanceof Map<?, ?> node ? uri(node) : value + "";
    values.resolve(uri).ifPresent(resolved -> use(where, Kind.URI, resolved));
  }

  private void classes(String where, Object value) {
    Collection<?> all = value instanceof Collection<?> list ? list : List.of(value);
    all.forEach(name -> use(where, Kind.CLASS, name + ""));
  }

  private void dataFormat(String where, Object value) {
    if (value instanceof Map<?, ?> node) {
      node.keySet().stream()
          .map(String::valueOf)
          .filter(key -> names.has(CamelNames.Kind.DATA_FORMAT, key))
          .forEach(key -> use(where, Kind.DATA_FORMAT, key));
    }
  }

  private static boolean isExpression(Object value) {
    return value instanceof String
        || value instanceof Map<?, ?> node && node.containsKey("expression");
  }

  /** A step or an expression that calls a bean, or passes an exchange to one. */
  private void call(String where, Object value) {
    if (value instanceof Map<?, ?> node && node.get("ref") instanceof String bean) {
      String method = node.get("method") instanceof String text ? text : "";
      uses.add(new RouteUse(where, Kind.BEAN, bean.replaceFirst("^#(bean:)?", ""), name(method)));
    }
  }

  private static String name(String method) {
    return method.replaceFirst("(?s)\\(.*", "").strip();
  }

  private void reference(String where, String value) {
    Matcher bean = BEAN.matcher(value);
    if (bean.matches()) {
      use(where, Kind.BEAN, bean.group(1));
    }
  }

  private void use(String where, Kind kind, String name) {
    uses.add(new RouteUse(where, kind, name));
  }
}
