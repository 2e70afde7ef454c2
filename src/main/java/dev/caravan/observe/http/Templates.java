package dev.caravan.observe.http;

import dev.caravan.observe.report.HtmlTemplates;
import java.lang.reflect.RecordComponent;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Renders the templates of pages. The engine starts with the first page. */
final class Templates {

  private static final HtmlTemplates TEMPLATES = new HtmlTemplates(Templates.class);

  private Templates() {}

  /** Renders the template of this name; its variables are the components of the models. */
  static String render(String name, List<? extends Record> models) {
    Map<String, Object> values = new HashMap<>();
    for (Record model : models) {
      for (RecordComponent component : model.getClass().getRecordComponents()) {
        values.put(component.getName(), value(component, model));
      }
    }
    return TEMPLATES.render(name, values);
  }

  private static Object value(RecordComponent component, Record model) {
    try {
      return component.getAccessor().invoke(model);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(model.getClass() + " must be visible in this package", e);
    }
  }
}
