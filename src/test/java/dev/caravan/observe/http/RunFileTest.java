package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.caravan.observe.report.ReportPage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a browser may execute of a report, which anybody who writes to a results root may write. */
class RunFileTest {

  private static final String NO_SCRIPT = "script-src 'none'; style-src 'none'";

  @Test
  void allowsTheScriptsAndStylesThatArePaired() {
    assertThat(
            RunFile.policy(
                "<style>s</style><script>a\n</script></script><script><script>b</script><script>c"))
        .endsWith(
            "script-src %s %s; style-src %s"
                .formatted(
                    ReportPage.hash("a\n"), ReportPage.hash("<script>b"), ReportPage.hash("s")));
    assertThat(RunFile.policy("</script><script><style></script ></style >")).endsWith(NO_SCRIPT);
  }

  @Test
  void readsAHostilePageOnce() {
    String unclosed = "<script>".repeat(500_000);
    String pairs = "<script></script>".repeat(500_000);
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          assertThat(RunFile.policy(unclosed)).endsWith(NO_SCRIPT);
          assertThat(RunFile.policy(pairs)).contains("script-src " + ReportPage.hash("") + ";");
        });
  }

  @Test
  void allowsAFewScriptsOnly() {
    StringBuilder page = new StringBuilder();
    for (int each = 0; each < 1000; each++) {
      page.append("<script>").append(each).append("</script>");
    }
    assertThat(RunFile.policy(page.toString()).length()).isLessThan(2000);
  }
}
