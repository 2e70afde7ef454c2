package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The part of a page that a test makes from the code, between two comments. It fails when the page
 * is out of date, and writes it with the given property, such as {@code
 * -Dcaravan.options.write=true}.
 */
public record MadeSection(Path page, String test, String property) {

  private static final String END = "<!-- end -->\n";

  /** Requires that the page has this text, or writes it there. */
  public void assertText(String made) throws IOException {
    String text = Files.readString(page);
    String mark = "<!-- made by " + test + " -->\n";
    int begin = text.indexOf(mark) + mark.length();
    int end = text.indexOf(END, begin);
    assertThat(text).as("%s", page).contains(mark, END);
    if (Boolean.getBoolean(property)) {
      Files.writeString(page, text.substring(0, begin) + made + text.substring(end));
    } else {
      assertThat(text.substring(begin, end))
          .as("%s: -D%s=true writes it", page, property)
          .isEqualTo(made);
    }
  }
}
