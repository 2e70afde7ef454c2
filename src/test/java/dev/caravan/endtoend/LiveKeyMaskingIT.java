package dev.caravan.endtoend;

import static dev.caravan.testing.Results.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
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

  private final HttpClient http = HttpClient.newHttpClient();

  @Override
  void configure(Caravan program, Path folder) {
    program
        .with("CARAVAN_INBOX_SETTLE", "0s")
        .with("CARAVAN_AIPERF_KEY_PASSING", "environment")
        .with("LEAKED_API_KEY", KEY);
  }

  @Test
  void masksTheKeyOnPagesAndInFiles(@TempDir Path other) throws Exception {
    // given
    Path aiperf = Files.writeString(other.resolve("aiperf"), LEAKING_AIPERF);
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.withAiperf(aiperf);
    caravan.serve();
    caravan.drop(
        "a.yaml",
        config("a", "m", "").replace("  model", "  api_key_env_var: LEAKED_API_KEY\n  model"));
    eventually().until(() -> !caravan.batches("a").isEmpty());
    Path batch = caravan.batch("a");
    eventually().until(() -> Files.exists(batch.resolve("profile_export.jsonl")));
    String id = "a/" + batch.getFileName();

    // then
    for (String page :
        List.of(
            "/batches/" + id + "/runs/0",
            "/",
            "/fragments/overview",
            "/data/batches/" + id + "/runs/0")) {
      assertThat(get(page).body()).as(page).doesNotContain(KEY);
    }
    assertThat(get("/batches/" + id + "/runs/0").body())
        .contains("out ********", "err ********", "log ********");
    String files = "/api/v1/batches/" + id + "/files/";
    assertThat(get(files + "stdout.log").statusCode()).isEqualTo(409);
    assertThat(get(files + "config.yaml").statusCode()).isEqualTo(200);

    // when
    caravan.run("cancel", "a");
    eventually().until(() -> Files.exists(batch.resolve("process_result.json")));

    // then
    assertThat(get(files + "stdout.log").body()).contains("out ********").doesNotContain(KEY);
  }

  @Test
  void withholdsFilesOfAKilledRunWhoseKeyWasChanged(@TempDir Path other) throws Exception {
    // given
    Path aiperf = Files.writeString(other.resolve("aiperf"), LEAKING_AIPERF);
    Files.setPosixFilePermissions(aiperf, PosixFilePermissions.fromString("rwxr-xr-x"));
    caravan.withAiperf(aiperf);
    Program killed = caravan.serve();
    caravan.drop(
        "a.yaml",
        config("a", "m", "").replace("  model", "  api_key_env_var: LEAKED_API_KEY\n  model"));
    eventually().until(() -> !caravan.batches("a").isEmpty());
    Path batch = caravan.batch("a");
    eventually().until(() -> Files.exists(batch.resolve("profile_export.jsonl")));
    String id = "a/" + batch.getFileName();

    // when
    killed.kill();
    caravan.run("pause");
    caravan.with("LEAKED_API_KEY", "sk-rotated-9876543210").serve();

    // then
    for (String page : List.of("/batches/" + id + "/runs/0", "/data/batches/" + id + "/runs/0")) {
      assertThat(get(page).body()).as(page).doesNotContain(KEY);
    }
    String files = "/api/v1/batches/" + id + "/files/";
    assertThat(get(files + "stdout.log").statusCode()).isEqualTo(409);

    // when
    caravan.run("resume");
    eventually().until(() -> Files.exists(batch.resolve("attempts/1/process_result.json")));

    // then
    assertThat(get(files + "attempts/1/.withheld/stdout.log").statusCode()).isEqualTo(409);
    assertThat(get(files + "attempts/1/process_result.json").body())
        .contains("withheld")
        .doesNotContain(KEY);
    assertThat(get("/batches/" + id + "/runs/0").body()).contains("withheld").doesNotContain(KEY);
    assertThat(caravan.run("status").out()).contains("Files of 1 attempt are withheld");
    assertThat(caravan.run("release").out()).contains("Still withheld");

    // when
    caravan.with("LEAKED_API_KEY", KEY).run("release");

    // then
    assertThat(get(files + "attempts/1/stdout.log").body())
        .contains("out ********")
        .doesNotContain(KEY);
  }

  private HttpResponse<String> get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(caravan.http() + path)).build();
    return http.send(request, BodyHandlers.ofString());
  }
}
