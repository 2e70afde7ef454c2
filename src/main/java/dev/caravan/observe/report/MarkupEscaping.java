package dev.caravan.observe.report;

import dev.caravan.config.text.DisplayText;
import io.pebbletemplates.pebble.extension.escaper.EscapingStrategy;
import org.unbescape.xml.XmlEscape;

/**
 * Escapes what HTML and XML read as markup and what turns the direction of the rest of a line, and
 * leaves out what XML does not allow. Pebble's own strategy first builds a table of all named
 * characters of HTML, which takes a thirtieth of the CPU time of a short run.
 */
final class MarkupEscaping implements EscapingStrategy {

  @Override
  public String escape(String text) {
    return XmlEscape.escapeXml10Minimal(DisplayText.unturned(text));
  }
}
