package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.unbescape.html.HtmlEscape;

class MarkupEscapingTest {

  @Test
  void escapesEveryCharacterAsPebbleDoes() {
    // given
    StringBuilder all = new StringBuilder("😀");
    for (int c = 0; c <= Character.MAX_VALUE; c++) {
      all.append((char) c);
    }
    // when
    String escaped = new MarkupEscaping().escape(all.toString());
    // then
    assertThat(escaped).isEqualTo(HtmlEscape.escapeHtml4Xml(all.toString()));
    assertThat(escaped).contains("&#39;", "&lt;", "&amp;", "é");
  }
}
