package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Batch;
import dev.caravan.observe.events.EventFeed;
import dev.caravan.observe.events.EventLog;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveRunsTest {

  private static final String NOW = OffsetDateTime.now().toString();

  @Test
  void estimatesTheRemainingTimeFromFinishedRuns(@TempDir Path folder) throws IOException {
    // given: a run that took an hour
    SampleTree trees = new SampleTree(folder);
    Batch batch = trees.batch("slow", "concurrency: [1, 2]", "");
    trees.succeeded(batch.run(0), 100, 50);
    trees.summarise(batch, false);
    Path table = batch.folder().resolve("results.csv");
    List<String> lines = Files.readAllLines(table);
    String[] cells = lines.get(1).split(",", -1);
    cells[List.of(lines.get(0).split(",")).indexOf("duration_s")] = "3700";
    Files.write(table, List.of(lines.get(0), String.join(",", cells)));
    Files.createDirectories(batch.run(1).folder());

    // when
    List<LiveRuns.LiveRun> live = new LiveRuns(context(trees, batch, NOW)).all();

    // then
    assertThat(live)
        .singleElement()
        .satisfies(run -> assertThat(run.progress().message()).endsWith("about 1 h 1 min left"));
  }

  /** A tab that was hidden between two attempts shows the files of the second. */
  @Test
  void reloadsThePageOfARunForItsNextAttempt(@TempDir Path folder) throws IOException {
    // given
    SampleTree trees = new SampleTree(folder);
    Batch batch = trees.batch("b", "concurrency: [1, 2]", "");
    Files.createDirectories(batch.run(1).folder());
    String later = OffsetDateTime.parse(NOW).plusSeconds(9).toString();

    // when
    String first = pageState(trees, batch, NOW);
    String second = pageState(trees, batch, later);

    // then
    assertThat(pageState(trees, batch, NOW)).isEqualTo(first);
    assertThat(second).isNotEqualTo(first);
  }

  private static String pageState(SampleTree trees, Batch batch, String since) throws IOException {
    List<LiveRuns.LiveRun> live = new LiveRuns(context(trees, batch, since)).all();
    assertThat(live).hasSize(1);
    RunPage.State state = new RunPage.State(live.stream().findFirst(), Optional.empty());
    return RunPage.live(batch.run(1), state).pageState();
  }

  private static WebContext context(SampleTree trees, Batch batch, String since) {
    DaemonStatus.Underway second =
        new DaemonStatus.Underway(batch.run(1).id(), batch.folder().toString(), 1, since, "");
    DaemonStatus status = new DaemonStatus(1, 1, null, List.of(second), List.of());
    return new WebContext(
        Settings.of(trees.home().home.root(), Map.of(), new Properties()),
        trees.home().files,
        trees.home().batches,
        null,
        null,
        null,
        () -> status,
        List::of,
        new PageUpdates(new EventFeed(EventLog.none())));
  }
}
