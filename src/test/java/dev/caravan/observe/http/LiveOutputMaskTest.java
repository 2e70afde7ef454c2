package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.pipeline.run.KilledAttempt;
import dev.caravan.storage.SecretStore;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LiveOutputMaskTest {

  private static final Secret KEY = new Secret("SET_API_KEY", ScratchHome.KEY);

  @TempDir private Path folder;
  private ScratchHome home;
  private Batch batch;
  private Run run;

  @BeforeEach
  void leaveAnUnfinishedRun() throws Exception {
    home = new ScratchHome(folder);
    batch =
        home.accept(
            """
            base_config:
              model: m
              url: http://127.0.0.1:9
              api_key_env_var: SET_API_KEY
              warmup_request_count: 1
              benchmark_duration: 1
              concurrency: 2
            sweeps: {concurrency: [3, 4]}
            """);
    run = batch.run(1);
    KilledAttempt.leave(home.keyNotes(), run, KEY, "sent " + ScratchHome.KEY + "\n");
    Files.createSymbolicLink(batch.folder().resolve("link"), run.folder());
    write("attempts/1/process_result.json");
    write("attempts/1/stdout.log");
    write("attempts/1/.withheld/stdout.log");
    write("attempts/7/stray.txt");
    write("attempts/stray.txt");
    write("config.yaml");
  }

  private void write(String name) throws IOException {
    Path file = run.folder().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, "{}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "concurrency4/stdout.log",
        "link/stdout.log",
        "concurrency4/config.yaml",
        "concurrency4/attempts/7/stray.txt",
        "concurrency4/attempts/stray.txt",
        "concurrency4/attempts/1/.withheld/stdout.log",
        "link/attempts/1/.withheld/stdout.log"
      })
  void servesNothingThatMayHoldAKey(String name) {
    for (String key : new String[] {ScratchHome.KEY, "sk-another-9876543210", "short", ""}) {
      assertThatThrownBy(() -> with(key).requireMasked(batch, RunFile.file(batch.folder(), name)))
          .isInstanceOf(HttpProblemException.class)
          .hasMessageContaining("may contain");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"config.yaml", "batch.json", "concurrency4/attempts/1/stdout.log"})
  void servesWhatIsMasked(String name) {
    assertThatCode(
            () -> with(ScratchHome.KEY).requireMasked(batch, RunFile.file(batch.folder(), name)))
        .doesNotThrowAnyException();
  }

  @Test
  void showsTheOutputOnlyWithTheKeyThatWasUsed() {
    // given
    Path stdout = run.folder().resolve("stdout.log");

    // then
    assertThat(with(ScratchHome.KEY).tail(run, stdout, 100)).isEqualTo("sent ********\n");
    for (String other : new String[] {"sk-another-9876543210", ""}) {
      assertThat(with(other).tail(run, stdout, 100))
          .contains("withheld")
          .doesNotContain(ScratchHome.KEY);
    }
  }

  @ParameterizedTest
  @CsvSource({"api_key, true", "api-version, false"})
  void servesNothingThatMayHoldAKeyOfTheEndpoint(String parameter, boolean isKey) throws Exception {
    // given
    String value = "0123456789abcdef";
    batch =
        home.accept(
            """
            base_config:
              model: m
              url: http://127.0.0.1:9
              endpoint: /v1/x?%s=%s
              warmup_request_count: 1
              benchmark_duration: 1
              concurrency: 2
            sweeps: {concurrency: [3, 4]}
            """
                .formatted(parameter, value));
    run = batch.run(1);
    write("stdout.log");
    Path stdout = RunFile.file(batch.folder(), "concurrency4/stdout.log");

    // then
    assertThat(catchThrowable(() -> with("").requireMasked(batch, stdout)) != null)
        .isEqualTo(isKey);
    assertThat(with("").mask(run, value)).isEqualTo(isKey ? "********" : value);
  }

  private LiveOutputMask with(String key) {
    Map<String, String> keys = Map.of("SET_API_KEY", key);
    return new LiveOutputMask(
        new KeyNotes(home.home, home.files, new SecretStore(home.home, keys)));
  }
}
