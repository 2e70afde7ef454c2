package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masking of an API key that aiperf leaks while its run is in progress. */
class LiveKeyMaskingIT extends FakeAiperfTestBase {

  private static final String KEY = "sk-leaked-0123456789";

  private static final String LEAKING_AIPERF =
      """
      #!/bin/sh
      if [ "$1" = --version ]; then
        echo 0.13.0
        exit 0
      fi
      last=''
      for word; do
        if [ "$last" = --output-artifact-dir ]; then dir=$word; fi
        last=$word
      done
      mkdir -p "$dir/logs"
      echo "Phase Profiling (profiling) started"
      echo "out $LEAKED_API_KEY"
      echo "err $LEAKED_API_KEY" >&2
      echo "log $LEAKED_API_KEY" > "$dir/logs/aiperf.log"
      printf '{"metadata":{"benchmark_phase":"profiling"},"error":{"code":401,"type":"x","message":"no key %s"}}\\n' \\
        "$LEAKED_API_KEY" > "$dir/profile_export.jsonl"
      exec sleep 600
      """;

  private final Api api = new Api(() -> caravan.http());

  @Override
  void configure(Caravan program, Path folder) {
    program
        .with("CARAVAN_INBOX_SETTLE", "0s")
        .with("CARAVAN_AIPERF_KEY_PASSING", "environment")
        .with("LEAKED_API_KEY", KEY);
  }

  @Test
  void masksTheKeyOnPagesAndInFilesAndWithholdsThemWhenItWasChanged(@TempDir Path other)
      throws Exception {
    // given
    Path aiperf = Files.writeString(other.resolve("aiperf"), LEAKING_AIPERF);
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.withAiperf(aiperf);
    Program daemon = caravan.serve();
    Path masked = leaking("masked");
    String id = home.id("masked");

    // then
    for (String page :
        List.of(
            "/batches/" + id + "/runs/0",
            "/",
            "/fragments/overview",
            "/data/batches/" + id + "/runs/0")) {
      assertThat(get(page)).as(page).doesNotContain(KEY);
    }
    assertThat(get("/batches/" + id + "/runs/0"))
        .contains("out ********", "err ********", "log ********");
    String files = "/api/v1/batches/" + id + "/files/";
    assertThat(api.get(files + "stdout.log").statusCode()).isEqualTo(409);
    assertThat(api.get(files + "config.yaml").statusCode()).isEqualTo(200);

    // when
    api.post("/api/v1/batches/" + id + "/cancel", "{}");
    eventually().until(() -> Files.exists(masked.resolve("process_result.json")));

    // then
    eventually().until(() -> get(files + "stdout.log"), text -> text.contains("out ********"));
    assertThat(get(files + "stdout.log")).doesNotContain(KEY);

    // and
    assertWithheldAfterAKill(daemon, leaking("withheld"));
  }

  /** The folder of a batch whose run has leaked the key and hangs. */
  private Path leaking(String batchName) {
    caravan.drop(
        batchName + ".yaml",
        config(batchName, "m", "")
            .replace("  model", "  api_key_env_var: LEAKED_API_KEY\n  model"));
    eventually().until(() -> !caravan.batches(batchName).isEmpty());
    Path batch = caravan.batch(batchName);
    eventually().until(() -> Files.exists(batch.resolve("profile_export.jsonl")));
    return batch;
  }

  private void assertWithheldAfterAKill(Program killed, Path batch) throws Exception {
    // given
    String id = home.id("withheld");

    // when
    killed.kill();
    caravan.execute("pause");
    caravan.with("LEAKED_API_KEY", "sk-rotated-9876543210").serve();

    // then
    for (String page : List.of("/batches/" + id + "/runs/0", "/data/batches/" + id + "/runs/0")) {
      assertThat(get(page)).as(page).doesNotContain(KEY);
    }
    String files = "/api/v1/batches/" + id + "/files/";
    assertThat(api.get(files + "stdout.log").statusCode()).isEqualTo(409);

    // when
    api.post("/api/v1/resume", "{}");
    eventually().until(() -> Files.exists(batch.resolve("attempts/1/process_result.json")));

    // then
    eventually()
        .until(() -> api.get(files + "attempts/1/.withheld/stdout.log").statusCode() == 409);
    assertThat(get(files + "attempts/1/process_result.json"))
        .contains("withheld")
        .doesNotContain(KEY);
    assertThat(get("/batches/" + id + "/runs/0")).contains("withheld").doesNotContain(KEY);
    assertThat(caravan.execute("status").out()).contains("Files of 1 attempt are withheld");
    assertThat(caravan.run("release").out()).contains("Still withheld");

    // when
    caravan.with("LEAKED_API_KEY", KEY).run("release");

    // then
    assertThat(get(files + "attempts/1/stdout.log")).contains("out ********").doesNotContain(KEY);
  }

  private String get(String path) throws Exception {
    return api.get(path).body();
  }
}
