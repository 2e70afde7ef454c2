package dev.caravan.observe.http;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
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

  /** Renders the template of this name. */
  static String render(String name, Map<String, Object> values) {
    StringWriter text = new StringWriter();
    try {
      ENGINE.getTemplate(name).evaluate(text, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
