package dev.caravan.observe.http;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Pages out of templates; every value is escaped. Loaded with the first page. */
final class Templates {

  private static final PebbleEngine ENGINE = engine();

  private Templates() {}

  private static PebbleEngine engine() {
    ClasspathLoader loader = new ClasspathLoader(Templates.class.getClassLoader());
    loader.setPrefix("dev/caravan/observe/http/");
    loader.setSuffix(".peb");
    return new PebbleEngine.Builder().loader(loader).strictVariables(true).build();
  }

  /** The template of this name with these values. */
  static String page(String name, Map<String, Object> values) {
    StringWriter text = new StringWriter();
    try {
      ENGINE.getTemplate(name).evaluate(text, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
