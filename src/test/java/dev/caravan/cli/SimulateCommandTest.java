package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.caravan.tools.simulator.Deployment;
import dev.caravan.tools.simulator.SimulatorOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class SimulateCommandTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void servesByItsOptionsUntilInterrupted() throws Exception {
    // given
    CompletableFuture<Integer> exit = new CompletableFuture<>();
    Thread running =
        new Thread(
            () ->
                exit.complete(
                    execute(
                        Map.of("SIM_KEY", "sk-right"),
                        "--port=0",
                        "--model=a",
                        "--model=b",
                        "--api-key-env-var=SIM_KEY")));
    running.start();

    // when
    await().until(() -> out.toString().endsWith("\n"));
    String line = out.toString().strip();

    // then
    assertThat(line).matches("Simulated LLM on http://127\\.0\\.0\\.1:\\d+ \\(models: a, b\\)");
    URI models = URI.create(line.split(" ")[3] + "/v1/models");
    assertThat(get(models, "sk-wrong").statusCode()).isEqualTo(401);
    assertThat(get(models, "sk-right").body()).contains("\"a\"").contains("\"b\"");

    // when
    running.interrupt();

    // then
    await().until(exit::isDone);
    assertThat(exit).isCompletedWithValue(0);
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void reportsThatThePortIsInUse() throws IOException {
    try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // when
      int exit = execute(Map.of(), "--port=" + occupied.getLocalPort());

      // then
      assertThat(exit).isEqualTo(2);
      assertThat(out.toString()).isEmpty();
      assertThat(err.toString())
          .isEqualToIgnoringNewLines(
              "cannot listen on 127.0.0.1:"
                  + occupied.getLocalPort()
                  + ": Address already in use;"
                  + " choose another --host or --port (0 takes any free port)");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--error-rate=1.5 | error rate must be from 0 to 1, not 1.5",
        "--capacity=0 | capacity must be from 1 to 100000, not 0",
        "--ttft=40 | Invalid value for option '--ttft': \"40\" is not a duration: write a whole"
            + " number and a unit (ms, s, m or h), such as 250ms, 30s, 5m or 1h",
        "--itl=25h | itl must be from 0s to 24h, not 25h",
        "--reply-tokens=nine | reply tokens must be a number such as 9 or a factor such as x10",
        "--drift=50 | drift must be a percentage such as 50%",
        "--replicas=0 | replicas must be from 1 to 100, not 0",
        "--nonsense | Unknown option: '--nonsense'",
      })
  void refusesInvalidOptions(String option, String message) {
    assertThat(execute(Map.of(), option)).isEqualTo(2);
    assertThat(err.toString()).startsWith(message + "\n");
  }

  @Test
  void doesNotQuoteAPastedKey() {
    // when
    int exit = execute(Map.of(), "--api-key-env-var=skPastedByMistake");

    // then
    assertThat(exit).isEqualTo(2);
    assertThat(err.toString())
        .startsWith("--api-key-env-var must name an environment variable that holds the key;")
        .doesNotContain("skPastedByMistake");
  }

  @Test
  void hasTheDefaultsOfTheSimulator() {
    // given
    SimulateCommand command = new SimulateCommand(Map.of());

    // when
    new CommandLine(command).parseArgs();

    // then
    assertThat(command.options()).isEqualTo(SimulatorOptions.defaults());
  }

  @Test
  void takesFaults() {
    // given
    SimulateCommand command = new SimulateCommand(Map.of());

    // when
    new CommandLine(command)
        .parseArgs(
            ("--reply-tokens=x10 --refuse --truncate --cut-off=0.5 --one-chunk=0.3 --filler"
                    + " --no-usage --cancelled=0.2 --usage-factor=1.3 --prefix-cache"
                    + " --prefill=1ms/token --serial-prefill --drift=50% --silence=4s@2s"
                    + " --wedge-after=6 --restart-at=3s --engine-version=1.2.3 --replicas=2"
                    + " --others=10")
                .split(" "));

    // then
    assertThat(command.options().faults()).hasSize(15);
    assertThat(command.options().deployment())
        .isEqualTo(new Deployment("1.2.3", 2, Duration.ofSeconds(3), 10));
  }

  private int execute(Map<String, String> environment, String... arguments) {
    return new CommandLine(new SimulateCommand(environment))
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  private static HttpResponse<String> get(URI uri, String key)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + key).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
