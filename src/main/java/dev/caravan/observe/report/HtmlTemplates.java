package dev.caravan.observe.report;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Map;

/** Renders the Pebble templates of a package; all values are HTML-escaped. */
public final class HtmlTemplates {

  private final PebbleEngine engine;

  /** The templates beside this class. */
  public HtmlTemplates(Class<?> beside) {
    ClasspathLoader loader = new ClasspathLoader(beside.getClassLoader());
    loader.setPrefix(beside.getPackageName().replace('.', '/') + "/");
    loader.setSuffix(".peb");
    this.engine =
        new PebbleEngine.Builder()
            .loader(loader)
            .strictVariables(true)
            .addEscapingStrategy("html", new MarkupEscaping())
            .build();
  }

  /** Renders the template of this name. */
  public String render(String name, Map<String, Object> values) {
    StringWriter text = new StringWriter();
    try {
      engine.getTemplate(name).evaluate(text, values);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }
}
