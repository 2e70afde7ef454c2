package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportPageTest {

  private static final String MARKUP =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>";

  @Test
  void escapesTextFromTrees(@TempDir Path folder) throws IOException {
    String html = html(folder);

    assertThat(html).doesNotContain("alert(1)</script>").doesNotContain("<img");
    assertThat(Pattern.compile("<script").matcher(html).results()).hasSize(2);
  }

  @Test
  void needsNoNetworkAndAllowsOnlyItsOwnBlocks(@TempDir Path folder) throws Exception {
    // given
    String html = html(folder);

    // when
    Matcher script = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL).matcher(html);
    Matcher style = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL).matcher(html);

    // then
    assertThat(script.find() && style.find()).isTrue();
    assertThat(html)
        .contains("default-src &#39;none&#39;")
        .contains(hash(script.group(1)))
        .contains(hash(style.group(1)));
    assertThat(html.substring(0, html.indexOf("<script>")))
        .doesNotContain("src=\"")
        .doesNotContain("href=")
        .doesNotContain(" style=")
        .doesNotContain(" onclick=");
    assertThat(script.group(1)).doesNotContain("eval(").doesNotContain("new Function");
  }

  private static String hash(String block) throws Exception {
    byte[] sum =
        MessageDigest.getInstance("SHA-256").digest(block.getBytes(StandardCharsets.UTF_8));
    return Base64.getEncoder().encodeToString(sum).replace("+", "&#43;").replace("&#43;", "+");
  }

  private static String html(Path folder) throws IOException {
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "model: [\"" + MARKUP + "\", x]", "engine: \"" + MARKUP + "\"");
    tree.succeeded(batch.run(0), 100, 50);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", MARKUP);
    return new ReportPage().html(new Reporter(new BatchReader()).report(List.of(batch.folder())));
  }
}
