package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Program;
import dev.caravan.testing.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code caravan serve} from the inbox to the results, in daemons that are set up for the test. */
class DaemonIT extends FakeAiperfTestBase {

  @Test
  void waitsForAConfigThatIsStillBeingWritten() throws IOException {
    // given
    caravan.with("CARAVAN_INBOX_SETTLE", "2s");
    caravan.serve();
    String whole = config("slow", "fake-ok", "sweeps: {concurrency: [1, 2]}");
    Path file = caravan.write("inbox/slow.yaml", "");
    AtomicInteger written = new AtomicInteger();

    // when
    eventually()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              int at = written.getAndIncrement();
              Files.writeString(file, whole.substring(at, at + 1), StandardOpenOption.APPEND);
              return written.get() == whole.length();
            });

    // then
    home.await("slow");
    assertThat(caravan.batch("slow").resolve("config.yaml")).hasContent(whole);
    assertThat(caravan.list("inbox/.failed")).isEmpty();
  }

  @Test
  void waitsForTheRestOfAConfigWithAnOldTime() throws IOException {
    // given
    caravan.with("CARAVAN_INBOX_SETTLE", "10s");
    Program daemon = caravan.serve();
    String whole = config("halves", "fake-ok", "sweeps: {concurrency: [1, 2]}");
    int half = whole.indexOf("sweeps");
    Path file = caravan.write("inbox/halves.yaml", whole.substring(0, half));
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_600_000_000_000L));
    caravan.write("mine/other.yaml", config("other", "fake-ok", ""));
    assertThat(caravan.run("submit", "mine/other.yaml").exit()).isZero();
    daemon.awaitLine("] Accepted other.");

    // when
    Files.writeString(file, whole.substring(half), StandardOpenOption.APPEND);

    // then
    home.await("halves");
    assertThat(caravan.batch("halves").resolve("config.yaml")).hasContent(whole);
    assertThat(home.summary("halves").path("completed").asInt()).isEqualTo(2);
  }

  @Test
  void acceptsASubmittedConfigAtTheNextPoll() throws IOException {
    // given
    caravan.with("CARAVAN_INBOX_SETTLE", "60s");
    caravan.serve();
    String config = config("other", "fake-ok", "sweeps: {concurrency: [1, 2, 3]}");
    caravan.write("mine/sub.yaml", config);

    // when
    Program submit =
        caravan.run(
            "submit",
            "mine/sub.yaml",
            "--watch",
            "--name=sub",
            "--label",
            "image=\"0.34\" ü",
            "--set",
            "sweeps.concurrency=[1, 2]");

    // then
    assertThat(submit.exit()).as(submit.err()).isZero();
    String name = submit.out().lines().findFirst().orElse("");
    assertThat(name).matches("sub\\.[0-9a-f]{8}\\.yaml");
    assertThat(home.names("inbox/.done")).containsExactly(name);
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
  void refusesBadConfigsWithoutDelayingGoodOnes() throws IOException {
    // given
    caravan.drop("1-empty.yaml", "");
    caravan.drop("2-binary.yaml", "\0\1\2");
    caravan.drop("3-typo.yaml", config("typo", "fake-ok", "sweps: {}"));
    caravan.drop("4-outside.yaml", config("out", "x", "output_base_dir: ../elsewhere"));
    caravan.drop("5-good.yaml", config("good", "fake-ok", ""));
    caravan.write("inbox/.hidden.yaml", "not: mine");
    caravan.write("inbox/folder.yaml/inner.yaml", "not: mine");
    caravan.write("inbox/notes.txt", "not: mine");
    caravan.write("elsewhere.yaml", config("linked", "fake-ok", ""));
    Files.createSymbolicLink(
        caravan.home().resolve("inbox/link.yaml"), caravan.home().resolve("elsewhere.yaml"));

    // when
    Program daemon = caravan.serve();

    // then
    home.await("good");
    eventually().until(() -> home.names("inbox/.failed").size() == 8);
    assertThat(home.names("inbox/.failed"))
        .containsExactly(
            "1-empty.yaml",
            "1-empty.yaml.problems.txt",
            "2-binary.yaml",
            "2-binary.yaml.problems.txt",
            "3-typo.yaml",
            "3-typo.yaml.problems.txt",
            "4-outside.yaml",
            "4-outside.yaml.problems.txt");
    assertThat(caravan.home().resolve("inbox/.failed/3-typo.yaml.problems.txt"))
        .content()
        .startsWith("3-typo.yaml:")
        .contains("did you mean \"sweeps\"?");
    assertThat(daemon.log())
        .contains("ERROR: Refused 3-typo.yaml: see inbox/.failed/3-typo.yaml.problems.txt");
    assertThat(home.names("inbox"))
        .contains(".hidden.yaml", "folder.yaml", "link.yaml", "notes.txt")
        .doesNotContain("5-good.yaml");
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
    assertThat(home.names("inbox/.done")).containsExactly("odd name 5%.yaml");
  }
}
