package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Large configs at the same moment, which in memory are a hundred times as large. */
class LargeConfigsTest {

  private static final int CLIENTS = 10;
  private static final String LARGE = "base_config: 3\nx-a: [" + "a,".repeat(100_000) + "a]\n";
  private static final String SMALL = "base_config: 3\n";

  @TempDir private Path folder;

  @Test
  void areReadOneAfterTheOther() throws Exception {
    // given
    ExecutorService clients = Executors.newFixedThreadPool(2 * CLIENTS);
    try (HomeServer server = new HomeServer(folder)) {
      // when
      List<Future<Integer>> large = new ArrayList<>();
      List<Future<Integer>> small = new ArrayList<>();
      for (int n = 0; n < CLIENTS; n++) {
        large.add(clients.submit(() -> validate(server, LARGE)));
        small.add(clients.submit(() -> validate(server, SMALL)));
      }

      // then
      assertThat(statuses(small)).containsOnly(422);
      assertThat(statuses(large)).contains(422, 503).containsOnly(422, 503);

      // when
      String form = "config=" + URLEncoder.encode(LARGE, StandardCharsets.UTF_8);

      // then
      assertThat(server.post("/submit/check", HomeServer.FORM, form).body()).contains("problems");
    } finally {
      clients.shutdownNow();
    }
  }

  private static int validate(HomeServer server, String config) throws Exception {
    return server.post("/api/v1/validate", "application/yaml", config).statusCode();
  }

  private static List<Integer> statuses(List<Future<Integer>> answers) throws Exception {
    List<Integer> statuses = new ArrayList<>();
    for (Future<Integer> answer : answers) {
      statuses.add(answer.get());
    }
    return statuses;
  }
}
