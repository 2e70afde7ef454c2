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

  /**
   * Renders the template of this name; its variables are the components of the models. Two models
   * that have a component of the same name are refused: one would hide the other's value.
   */
  static String render(String name, List<? extends Record> models) {
    return TEMPLATES.render(name, variables(models));
  }

  static Map<String, Object> variables(List<? extends Record> models) {
    Map<String, Object> values = new HashMap<>();
    for (Record model : models) {
      for (RecordComponent component : model.getClass().getRecordComponents()) {
        if (values.containsKey(component.getName())) {
          throw new IllegalStateException(
              model.getClass() + " hides another " + component.getName());
        }
        values.put(component.getName(), value(component, model));
      }
    }
    return values;
  }

  private static Object value(RecordComponent component, Record model) {
    try {
      return component.getAccessor().invoke(model);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(model.getClass() + " must be visible in this package", e);
    }
  }
}
