package dev.caravan.app;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.Yaml;

/** What the shipped routes call, as the tables of docs/routes.md: a home's own routes may, too. */
final class RouteApi {

  private static final Pattern BEAN = Pattern.compile("#([A-Za-z]+)");
  private static final Pattern OURS = Pattern.compile("dev\\.caravan\\.[a-z.]+\\.[A-Za-z.$]+");
  private static final Pattern PACKAGES = Pattern.compile("(?:[a-z]\\w*\\.)+(?:[A-Z]\\w*\\$)*");

  private final Map<String, Object> beans;
  private final Map<String, Collection<String>> methods = new TreeMap<>();
  private final Map<String, Collection<String>> options = new TreeMap<>();
  private final Collection<String> exceptions = new TreeSet<>();
  private final Collection<String> types = new TreeSet<>();

  private RouteApi(Map<String, Object> beans) {
    this.beans = beans;
  }

  /**
   * The tables.
   *
   * @param files texts of the route files
   * @param beans the registry
   */
  static String of(Collection<String> files, Map<String, Object> beans) {
    RouteApi api = new RouteApi(beans);
    files.forEach(text -> api.walk(new Yaml().load(text)));
    return api.markdown();
  }

  private void walk(Object node) {
    if (node instanceof List<?> list) {
      list.forEach(this::walk);
    } else if (node instanceof Map<?, ?> map) {
      if (map.get("ref") instanceof String bean && map.get("method") instanceof String method) {
        call(bean, method.replaceFirst("(?s)\\(.*", ""));
      }
      map.forEach((key, value) -> entry(String.valueOf(key), value));
    }
  }

  private void entry(String key, Object value) {
    if (key.equals("exception")) {
      ((List<?>) value).forEach(name -> exceptions.add(String.valueOf(name)));
    } else if (key.equals("unmarshalType")) {
      types.add(String.valueOf(value));
    } else if (value instanceof String text && BEAN.matcher(text).matches()) {
      option(text.substring(1));
    } else if (key.equals("objectMapper")) {
      option(String.valueOf(value));
    } else if (key.equals("process")) {
      option(String.valueOf(((Map<?, ?>) value).get("ref")));
    }
    walk(value);
  }

  private void option(String bean) {
    options.put(bean, List.of(type(bean)));
  }

  private void call(String bean, String name) {
    for (Method method : beans.get(bean).getClass().getMethods()) {
      if (method.getName().equals(name) && !method.isBridge()) {
        methods.computeIfAbsent(bean, b -> new TreeSet<>()).add(signature(method));
      }
    }
  }

  private String signature(Method method) {
    String parameters =
        Arrays.stream(method.getGenericParameterTypes())
            .map(this::simple)
            .collect(Collectors.joining(", "));
    String result = simple(method.getGenericReturnType());
    return "%s(%s)%s"
        .formatted(method.getName(), parameters, result.equals("void") ? "" : ": " + result);
  }

  private String simple(Type type) {
    Matcher ours = OURS.matcher(type.getTypeName());
    while (ours.find()) {
      types.add(ours.group());
    }
    return PACKAGES.matcher(type.getTypeName()).replaceAll("");
  }

  /** The type of Camel by which an endpoint takes the bean. */
  private String type(String bean) {
    Class<?> made = beans.get(bean).getClass();
    return (made.getInterfaces().length == 0 ? made.getSuperclass() : made.getInterfaces()[0])
        .getName();
  }

  private String markdown() {
    return table("bean | methods", methods)
        + "\n"
        + table("bean for an option | is a", options)
        + "\nTypes of bodies and arguments:\n\n"
        + list(types)
        + "\nExceptions that the error policies name:\n\n"
        + list(exceptions);
  }

  private static String table(String header, Map<String, Collection<String>> rows) {
    StringBuilder table = new StringBuilder("| " + header + " |\n|---|---|\n");
    rows.forEach(
        (name, cells) ->
            table.append("| `%s` | `%s` |\n".formatted(name, String.join("` · `", cells))));
    return table.toString();
  }

  private static String list(Collection<String> names) {
    return names.stream().map(name -> "- `" + name + "`\n").collect(Collectors.joining());
  }
}
