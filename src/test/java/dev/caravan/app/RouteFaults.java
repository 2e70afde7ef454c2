package dev.caravan.app;

import dev.caravan.config.settings.Setting;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.Yaml;

/**
 * Finds faults that Camel does not report: routes without id or description, long routes, options
 * in URIs, {@code direct:} endpoints without a consumer or a caller, unknown properties, unbound
 * beans. Returns all faults of all files in one list.
 */
final class RouteFaults {

  /** The maximum number of steps of a route and of each of its branches. */
  static final int MAX_STEPS = 8;

  private static final Set<String> INTERNAL = Set.of("caravan.inbox.folder");

  /** For a home's own routes. */
  private static final Set<String> WAYS_IN = Set.of("direct:caravan-submit");

  private static final Set<String> SCRIPTS =
      Set.of("groovy", "mvel", "ognl", "spel", "java", "joor", "js", "javascript", "python");
  private static final Pattern KEBAB = Pattern.compile("[a-z]+(-[a-z]+)+");
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([^}:?]+)[^}]*}}");
  private static final Pattern CALL =
      Pattern.compile("\\$\\{(?:body|(?:variable|header)\\.\\w+)\\.[^}]*\\(");
  private static final Pattern BEAN = Pattern.compile("#(?:bean:)?([A-Za-z][A-Za-z0-9-]*)");

  private final Map<String, Object> beans;
  private final List<String> faults = new ArrayList<>();
  private final Map<String, String> listeners = new LinkedHashMap<>();
  private final Map<String, String> callers = new LinkedHashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final Set<String> policies = new HashSet<>();
  private final Map<String, String> policiesUsed = new LinkedHashMap<>();

  private RouteFaults(Map<String, Object> beans) {
    this.beans = beans;
  }

  /**
   * All faults of these files.
   *
   * @param files file name without extension to text
   * @param beans the beans that routes may call, by name
   */
  static List<String> of(Map<String, String> files, Map<String, Object> beans) {
    RouteFaults all = new RouteFaults(beans);
    files.forEach(all::file);
    all.links();
    return all.faults;
  }

  private void file(String file, String text) {
    placeholders(file, text);
    for (Object entry : (List<?>) new Yaml().load(text)) {
      Map<?, ?> node = (Map<?, ?>) entry;
      if (node.get("route") instanceof Map<?, ?> route) {
        route(file, route);
      } else if (node.get("routeTemplate") instanceof Map<?, ?> template) {
        template(file, template);
      } else if (node.get("templatedRoute") instanceof Map<?, ?> route) {
        id(file, String.valueOf(route.get("routeId")));
        instance(file, route);
      } else if (node.get("routeConfiguration") instanceof Map<?, ?> policy) {
        policies.add(String.valueOf(policy.get("id")));
        walk(file, policy, false);
      } else {
        faults.add(file + ": neither a route nor a routeConfiguration: " + node.keySet());
      }
    }
  }

  private void route(String file, Map<?, ?> route) {
    String id = String.valueOf(route.get("id"));
    id(file, id);
    content(id, route);
  }

  /** A template has the name of its file; its parameters are placeholders. */
  private void template(String file, Map<?, ?> template) {
    if (!file.equals(template.get("id"))) {
      faults.add(file + ": the template " + template.get("id") + " is not called like its file");
    }
    content(file, (Map<?, ?>) template.get("route"));
  }

  private void id(String file, String id) {
    if (!KEBAB.matcher(id).matches() || !id.startsWith(file + "-")) {
      faults.add(file + ": the id " + id + " is not " + file + "-<verb> in kebab case");
    }
    if (!ids.add(id)) {
      faults.add(id + ": duplicate id");
    }
  }

  private void content(String id, Map<?, ?> route) {
    if (!(route.get("description") instanceof String description) || description.isBlank()) {
      faults.add(id + ": no description");
    }
    if (route.get("routeConfigurationId") instanceof String policy) {
      policiesUsed.put(id, policy);
    }
    if (route.get("from") instanceof Map<?, ?> from) {
      from(id, String.valueOf(from.get("uri")));
      walk(id, from, false);
    } else {
      faults.add(id + ": no from");
    }
  }

  private void from(String id, String uri) {
    if (uri.startsWith("direct:")) {
      listeners.put(uri, id);
      if (!uri.equals("direct:" + id)) {
        faults.add(id + ": consumes " + uri + " instead of direct:" + id);
      }
    }
  }

  /** Checks every node below; {@code inChoice} tells whether one of the parents is a choice. */
  private void walk(String where, Object node, boolean inChoice) {
    if (node instanceof List<?> list) {
      list.forEach(item -> walk(where, item, inChoice));
    } else if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> entry(where, String.valueOf(key), value, inChoice));
    }
  }

  private void entry(String where, String key, Object value, boolean inChoice) {
    boolean choice = key.equals("choice");
    if (choice && inChoice) {
      faults.add(where + ": a choice within a choice");
    }
    if (SCRIPTS.contains(key)) {
      faults.add(where + ": a script: " + key);
    }
    if (value instanceof String text && CALL.matcher(text).find()) {
      faults.add(where + ": calls a method of a body, in " + text);
    }
    switch (key) {
      case "steps" -> steps(where, (List<?>) value);
      case "uri" -> uri(where, String.valueOf(value));
      case "to", "toD", "wireTap" -> to(where, value);
      case "bean" -> bean(where, value);
      case "method" -> expression(where, value);
      case "parameters" -> options(where, value);
      default -> {}
    }
    walk(where, value, inChoice || choice);
  }

  private void steps(String where, List<?> steps) {
    if (steps.size() > MAX_STEPS) {
      faults.add(where + ": " + steps.size() + " steps, more than " + MAX_STEPS);
    }
  }

  private void to(String where, Object target) {
    String uri = target instanceof Map<?, ?> map ? String.valueOf(map.get("uri")) : target + "";
    if (!(target instanceof Map)) {
      uri(where, uri);
    }
    if (uri.startsWith("direct:")) {
      callers.put(uri, where);
    }
  }

  private void uri(String where, String uri) {
    if (uri.contains("?")) {
      faults.add(where + ": options in the uri " + uri);
    }
  }

  /** A parameter of a template that names an endpoint of ours. */
  private void instance(String file, Map<?, ?> route) {
    for (Object item : (List<?>) route.get("parameters")) {
      Object value = ((Map<?, ?>) item).get("value");
      if (String.valueOf(value).startsWith("direct:")) {
        callers.put(String.valueOf(value), file);
      }
    }
  }

  private void options(String where, Object parameters) {
    Collection<?> values = parameters instanceof Map<?, ?> map ? map.values() : List.of();
    for (Object value : values) {
      Matcher bean = BEAN.matcher(String.valueOf(value));
      if (bean.matches() && !beans.containsKey(bean.group(1))) {
        faults.add(where + ": no bean " + bean.group(1));
      }
    }
  }

  /** The name of a bean's method, or an expression that calls one. */
  private void expression(String where, Object node) {
    if (node instanceof Map) {
      bean(where, node);
    }
  }

  private void bean(String where, Object node) {
    if (!(node instanceof Map<?, ?> call)) {
      faults.add(where + ": a bean must be called by ref and method: " + node);
      return;
    }
    String ref = String.valueOf(call.get("ref"));
    String method = String.valueOf(call.get("method")).replaceFirst("(?s)\\(.*", "");
    if (!beans.containsKey(ref)) {
      faults.add(where + ": no bean " + ref);
    } else if (Arrays.stream(beans.get(ref).getClass().getMethods())
        .map(Method::getName)
        .noneMatch(method::equals)) {
      faults.add(where + ": " + ref + " has no public method " + method);
    }
  }

  private void placeholders(String file, String text) {
    Matcher placeholder = PLACEHOLDER.matcher(text);
    while (placeholder.find()) {
      String key = placeholder.group(1);
      if (text.contains("- name: " + key + "\n")) {
        continue; // a parameter of a template
      }
      if (Setting.ofKey(key).isEmpty() && !INTERNAL.contains(key)) {
        faults.add(file + ": unknown property " + key);
      }
    }
  }

  private void links() {
    callers.forEach(
        (uri, where) -> {
          if (!listeners.containsKey(uri)) {
            faults.add(where + ": no route consumes " + uri);
          }
        });
    listeners.forEach(
        (uri, id) -> {
          if (!callers.containsKey(uri) && !WAYS_IN.contains(uri)) {
            faults.add(id + ": no route calls " + uri);
          }
        });
    policiesUsed.forEach(
        (id, policy) -> {
          if (!policies.contains(policy)) {
            faults.add(id + ": no routeConfiguration " + policy);
          }
        });
  }
}
