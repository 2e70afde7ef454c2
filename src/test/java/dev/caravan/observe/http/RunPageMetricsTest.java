package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Run;
import dev.caravan.observe.http.RunPageMetrics.Shown;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.testing.SampleTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunPageMetricsTest {

  @Test
  void roundsNoSmallNumberToNothing(@TempDir Path folder) throws IOException {
    // given: a request takes ten minutes
    SampleTree tree = new SampleTree(folder);
    Run run = tree.batch("b", "concurrency: [1]", "").run(0);
    tree.succeeded(run, 0.0167, 1234.567);

    // when
    Map<String, Shown> shown = RunPageMetrics.of(run, CheckResults.NONE);

    // then
    assertThat(shown.get("Requests/s").text()).isEqualTo("0.00167");
    assertThat(shown.get("Output tokens/s").text()).isEqualTo("0.0167");
    assertThat(shown.get("TTFT p99").text()).isEqualTo("1,234.57 ms");
    assertThat(shown.get("Requests").text()).isEqualTo("1,000");
  }

  @Test
  void givesEachFigureOnce(@TempDir Path folder) throws IOException {
    // given
    SampleTree tree = new SampleTree(folder);
    Run run = tree.batch("b", "concurrency: [1]", "").run(0);
    tree.succeeded(run, 100, 50);

    // when
    Map<String, Shown> shown = RunPageMetrics.of(run, CheckResults.NONE);

    // then
    assertThat(shown.get("Error rate").text()).isEqualTo("0 %");
    assertThat(shown.keySet()).filteredOn(name -> name.contains("Failed")).isEmpty();
  }
}
