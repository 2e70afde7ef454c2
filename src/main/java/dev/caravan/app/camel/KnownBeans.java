package dev.caravan.app.camel;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.camel.Component;

/**
 * The beans that routes may name, and their classes; no bean is created to find out.
 *
 * @param types the name of the class of each bean; empty where only Camel can tell it
 */
record KnownBeans(Map<String, String> types) {

  /** Camel looks for a component under its scheme, then with this ending. */
  private static final String COMPONENT_ENDING = "-component";

  KnownBeans {
    types = Map.copyOf(types);
  }

  /** The beans of all modes; the list is made by a test from the registries. */
  static KnownBeans ours() {
    Map<String, String> types = new HashMap<>();
    for (String line : new NameList("beans.txt").lines()) {
      String[] words = line.split(" ");
      types.put(words[0], words[1]);
    }
    return new KnownBeans(types);
  }

  /** These, and those that route files define. */
  KnownBeans with(Map<String, String> more) {
    Map<String, String> all = new HashMap<>(types);
    all.putAll(more);
    return new KnownBeans(all);
  }

  boolean has(String bean) {
    return types.containsKey(bean);
  }

  /** Whether a bean is a component with this scheme, or may be one: its class is unknown here. */
  boolean mayBeComponent(String scheme) {
    return Stream.of(scheme, scheme + COMPONENT_ENDING)
        .filter(this::has)
        .anyMatch(bean -> type(bean).map(Component.class::isAssignableFrom).orElse(true));
  }

  /** Whether a bean has a public method of this name. */
  boolean hasMethod(String bean, String method) {
    return type(bean).stream()
        .flatMap(type -> Arrays.stream(type.getMethods()))
        .anyMatch(each -> each.getName().equals(method));
  }

  private Optional<Class<?>> type(String bean) {
    return load(types.get(bean));
  }

  /** A class on the class path. */
  static Optional<Class<?>> load(String name) {
    try {
      return Optional.of(Class.forName(name, false, KnownBeans.class.getClassLoader()));
    } catch (ClassNotFoundException | LinkageError e) {
      return Optional.empty();
    }
  }
}
