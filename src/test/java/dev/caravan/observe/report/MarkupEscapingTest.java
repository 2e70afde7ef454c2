package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.unbescape.html.HtmlEscape;

class MarkupEscapingTest {

  @Test
  void escapesWhatABrowserReadsAsMarkup() {
    // given
    String hostile = "<img src=x onerror='alert(1)'> & \"quoted\" é 😀";
    // when
    String escaped = new MarkupEscaping().escape(hostile);
    // then
    assertThat(escaped)
        .isEqualTo("&lt;img src=x onerror=&apos;alert(1)&apos;&gt; &amp; &quot;quoted&quot; é 😀");
  }

  @Test
  void showsWhatTurnsTheRestOfALine() {
    assertThat(new MarkupEscaping().escape("a\u202eb\u2066c\u2069 \u05d0\u200d"))
        .isEqualTo("a\\u202eb\\u2066c\\u2069 \u05d0\u200d");
  }

  @Test
  void treatsAllOtherCharactersAsPebbleDoes() {
    IntStream.rangeClosed(0, Character.MAX_VALUE)
        .filter(c -> !Character.isISOControl(c))
        .filter(c -> (c < 0x202a || c > 0x202e) && (c < 0x2066 || c > 0x2069))
        .mapToObj(c -> String.valueOf((char) c))
        .filter(text -> !new MarkupEscaping().escape(text).isEmpty())
        .forEach(
            text ->
                assertThat(new MarkupEscaping().escape(text).replace("&apos;", "&#39;"))
                    .isEqualTo(HtmlEscape.escapeHtml4Xml(text)));
  }
}
