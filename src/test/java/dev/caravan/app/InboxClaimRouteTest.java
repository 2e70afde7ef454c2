package dev.caravan.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.app.camel.RouteErrorLogger;
import dev.caravan.testing.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Configs that cannot be claimed. */
class InboxClaimRouteTest extends RouteTest {

  private static final String WATCH = "direct:watch";

  @Override
  List<String> files() {
    return List.of("inbox");
  }

  @Override
  List<String> mocked() {
    return List.of("dispatch-release");
  }

  @Override
  Map<String, String> replacedConsumers() {
    return Map.of("inbox-watch", WATCH, "inbox-recover", "direct:recover");
  }

  @Test
  void isSilentAboutAFileThatIsGone() {
    try (CapturedLog log = CapturedLog.of(RouteErrorLogger.class)) {
      // when
      for (int n = 0; n < 5; n++) {
        claim(home.inbox().resolve("gone" + n + ".yaml"));
      }
      // then
      assertThat(log.lines()).isEmpty();
    }
  }

  @Test
  void saysOnceThatAFileCannotBeClaimed() throws Exception {
    // given
    durableFiles().delete(home.claimed());
    Files.writeString(home.claimed(), "no folder");
    Path dropped = Files.writeString(home.inbox().resolve("a.yaml"), "x");
    try (CapturedLog log = CapturedLog.of(RouteErrorLogger.class)) {
      // when
      for (int n = 0; n < 5; n++) {
        claim(dropped);
      }
      // then
      assertThat(log.lines()).hasSize(1);
    }
  }

  private void claim(Path file) {
    template.sendBodyAndHeader(WATCH, "", "CamelFileAbsolutePath", file.toString());
  }
}
