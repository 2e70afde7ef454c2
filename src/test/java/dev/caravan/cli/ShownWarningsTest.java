package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that read a config say about one that is valid. */
@ResourceLock(Resources.SYSTEM_ERR)
@ResourceLock(Resources.SYSTEM_OUT)
class ShownWarningsTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"validate", "plan"})
  void warnsOfWhatYamlReadsOtherwiseWithTheLine(String command) throws IOException {
    // given
    Path config =
        Files.writeString(
            folder.resolve("sexa.yaml"),
            """
            batch_name: sexa
            base_config:
              model: "$MODEL"
              url: http://127.0.0.1:9
              warmup_request_count: 1
              benchmark_duration: 1
              concurrency: 1
            sweeps:
              request_rate: [1:10:2, 010]
            """);
    // when
    ExecutedCommand said = ExecutedCommand.in(folder, command, config.toString());
    // then
    assertThat(said.exit()).as(said.err()).isZero();
    assertThat(said.err() + said.out())
        .contains("line 3: base_config.model: \"$MODEL\" is taken literally")
        .contains("line 9: sweeps.request_rate[0]: 1:10:2 means 4202 (base 60)")
        .contains("line 9: sweeps.request_rate[1]: 010 means 8 (octal, because of the leading 0)");
  }

  @Test
  void saysOfASearchWhatThereCanBeAtMost() throws IOException {
    // given
    Path config =
        Files.writeString(
            folder.resolve("search.yaml"),
            """
            batch_name: search
            base_config:
              model: m
              url: http://127.0.0.1:9
              streaming: true
              warmup_request_count: 1
              benchmark_duration: 1
            slo: {ttft_ms_p99: 500}
            search: {concurrency: [1, 512]}
            """);
    // then
    assertThat(ExecutedCommand.in(folder, "plan", config.toString()).out())
        .contains("then at most 36 runs");
    assertThat(ExecutedCommand.in(folder, "validate", config.toString()).out())
        .isEqualTo(config + ": valid, at most 37 runs\n");
  }
}
