package dev.caravan.observe.http;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Renders Pebble templates; all values are HTML-escaped. The engine starts with the first page. */
final class Templates {

  private static final PebbleEngine ENGINE = engine();

  private Templates() {}

  private static PebbleEngine engine() {
    ClasspathLoader loader = new ClasspathLoader(Templates.class.getClassLoader());
    loader.setPrefix("dev/caravan/observe/http/");
    loader.setSuffix(".peb");
    return new PebbleEngine.Builder().loader(loader).strictVariables(true).build();
  }

  /** Renders the template of this name; its variables are the components of the models. */
  static String render(String name, List<? extends Record> models) {
    Map<String, Object> values = new HashMap<>();
    for (Record model : models) {
      for (RecordComponent component : model.getClass().getRecordComponents()) {
        values.put(component.getName(), value(component, model));
      }
    }
    StringWriter text = new StringWriter();
    try {
      ENGINE.getTemplate(name).evaluate(text, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static Object value(RecordComponent component, Record model) {
    try {
      return component.getAccessor().invoke(model);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(model.getClass() + " must be visible in this package", e);
    }
  }
}
