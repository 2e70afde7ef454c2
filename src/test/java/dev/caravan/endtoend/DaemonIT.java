package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.FakeAiperf;
import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan serve} from the inbox to the results, in daemons that are set up for the test. */
class DaemonIT extends FakeAiperfTestBase {

  @Test
  void acceptsASubmittedConfigAtTheNextPollAndADroppedOneWhenItIsWhole() throws IOException {
    // given
    caravan.with("CARAVAN_INBOX_SETTLE", "10s");
    Program daemon = caravan.serve();
    String whole = config("halves", "fake-ok", "sweeps: {concurrency: [1, 2]}");
    int half = whole.indexOf("sweeps");
    Path file = caravan.write("inbox/halves.yaml", whole.substring(0, half));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L));
    String config = config("other", "fake-ok", "sweeps: {concurrency: [1, 2, 3]}");
    caravan.write("mine/sub.yaml", config);

    // when
    Program submit =
        caravan.start(
            "submit",
            "mine/sub.yaml",
            "--watch",
            "--name=sub",
            "--label",
            "image=\"0.34\" ü",
            "--set",
            "sweeps.concurrency=[1, 2]");
    // It is being written meanwhile, however long a submission takes here.
    Results.eventually().until(() -> isAccepted(daemon, file));
    Files.writeString(file, whole.substring(half), StandardOpenOption.APPEND);

    // then
    assertThat(submit.exit()).as(submit.err()).isZero();
    assertSubmitted(submit, config);
    home.await("halves");
    assertThat(caravan.batch("halves").resolve("config.yaml"))
        .content()
        .startsWith(whole.substring(0, half))
        .endsWith(whole.substring(half));
    assertThat(home.summary("halves").path("completed").asInt()).isEqualTo(2);
    assertThat(caravan.list("inbox/.failed")).isEmpty();
  }

  /** Whether the submitted config is accepted; the dropped one grows by a line. */
  private static boolean isAccepted(Program daemon, Path dropped) throws IOException {
    Files.writeString(dropped, "# and so on\n", StandardOpenOption.APPEND);
    Files.setLastModifiedTime(dropped, FileTime.fromMillis(1_600_000_000_000L));
    return daemon.err().contains("] Accepted sub.");
  }

  private void assertSubmitted(Program submit, String config) {
    String name = submit.out().lines().findFirst().orElse("");
    assertThat(name).matches("sub\\.[0-9a-f]{8}\\.yaml");
    home.awaitArchived(name);
    assertThat(submit.log()).contains("INFO: Run 2/2 succeeded", "INFO: Completed  : 2");
    assertThat(submit.out()).contains("concurrency");
    Path batch = caravan.batch("sub");
    assertThat(batch.resolve("config.yaml")).hasContent(config);
    assertThat(batch.resolve("batch.json"))
        .content()
        .contains(
            "\"--name sub\", \"--label image=\\\"0.34\\\" ü\", \"--set sweeps.concurrency=[1, 2]\"");
    assertThat(batch.resolve("concurrency2/run_metadata.json"))
        .content()
        .contains("\"image\" : \"\\\"0.34\\\" ü\"");
  }

  @Test
  void keepsEveryConfigWhileAiperfIsUnusable() throws Exception {
    // given
    Files.delete(bin.resolve("aiperf"));
    Program daemon = caravan.serve();
    caravan.drop("early.yaml", config("early", "fake-ok", ""));

    // then
    daemon.awaitLine("Nothing starts: ");
    assertThat(daemon.err()).contains(bin.resolve("aiperf").toString());
    HttpResponse<String> health = health();
    assertThat(health.statusCode()).isEqualTo(503);
    assertThat(health.body()).contains("DOWN").contains("aiperf");
    assertThat(caravan.list("inbox/.failed")).isEmpty();

    assertThat(caravan.batch("early").resolve("process_result.json")).doesNotExist();

    // when
    FakeAiperf.in(bin);

    // then
    home.await("early");
    assertThat(home.summary("early").path("completed").asInt()).isEqualTo(1);
    assertThat(health().statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> health() throws Exception {
    return new Api(caravan::http).get("/observe/health");
  }

  @Test
  void supportsSpecialCharactersInPaths(@TempDir Path folder) throws IOException {
    // given
    caravan.close();
    useHome(folder, "my home 100% 100%25 a&b=c+d #1 ü");
    caravan.serve();

    // when
    caravan.drop("odd name 5%.yaml", config("odd", "fake-ok", "sweeps: {model: [a/b c, fake-ok]}"));

    // then
    home.await("odd");
    assertThat(home.summary("odd").path("completed").asInt()).isEqualTo(2);
    Path run = caravan.batch("odd").resolve("modela%2Fb%20c");
    assertThat(
            Results.json(run.resolve("run_metadata.json"))
                .path("sweep_params")
                .path("model")
                .asText())
        .isEqualTo("a/b c");
    home.awaitArchived("odd name 5%.yaml");
    assertThat(home.names("inbox/.done")).hasSize(1);
  }
}
