package dev.caravan.observe.report;

import io.pebbletemplates.pebble.extension.escaper.EscapingStrategy;

/**
 * Escapes what HTML reads as markup, like Pebble's own strategy. That one first builds a table of
 * all named characters, which would take a thirtieth of the CPU time of a short run.
 */
final class MarkupEscaping implements EscapingStrategy {

  @Override
  public String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + text.length() / 8);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '&' -> escaped.append("&amp;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
