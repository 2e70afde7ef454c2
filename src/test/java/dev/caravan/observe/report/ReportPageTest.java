package dev.caravan.observe.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.TimeZone;
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
        .contains("default-src &apos;none&apos;")
        .contains(hash(script.group(1)))
        .contains(hash(style.group(1)));
    assertThat(html.substring(0, html.indexOf("<script>")))
        .doesNotContain("src=\"")
        .doesNotContain("href=")
        .doesNotContain(" style=")
        .doesNotContain(" onclick=");
    assertThat(script.group(1)).doesNotContain("eval(").doesNotContain("new Function");
  }

  @Test
  void tellsAllTimesInOneZone(@TempDir Path folder) throws IOException {
    // given: accepted in one zone, finished in another, and a report made in a third
    SampleTree tree = new SampleTree(folder);
    Batch batch = tree.batch("b", "concurrency: [1]", "");
    tree.succeeded(batch.run(0), 100, 50);
    tree.summarise(batch, true);
    Path record = batch.folder().resolve("batch.json");
    String accepted = "\"accepted_at\":\"2026-11-24T02:00:00-05:00\"";
    Files.writeString(
        record,
        Files.readString(record).replaceFirst("\"accepted_at\"\\s*:\\s*\"[^\"]*\"", accepted));

    // when
    String html = htmlIn("Asia/Tokyo", batch); // where no summer time changes the offset
    List<String> zones =
        Pattern.compile("\\d\\d:\\d\\d:\\d\\d ?(Z|[+-]\\d\\d:\\d\\d)")
            .matcher(html.substring(0, html.indexOf("<script type")))
            .results()
            .map(found -> found.group(1))
            .toList();

    // then
    assertThat(zones).hasSize(3).containsOnly("+09:00");
  }

  private static String htmlIn(String zone, Batch batch) throws IOException {
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone(zone));
    try {
      return new ReportPage().html(new Reporter(new BatchReader()).report(List.of(batch.folder())));
    } finally {
      TimeZone.setDefault(before);
    }
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
