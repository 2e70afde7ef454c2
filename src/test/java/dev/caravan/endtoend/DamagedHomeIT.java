package dev.caravan.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.cli.ExecutedCommand;
import dev.caravan.model.Batch;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeId;
import dev.caravan.testing.Fifo;
import dev.caravan.testing.Program;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The daemon of a home in which everything is damaged: it starts, and what is whole goes on. */
class DamagedHomeIT extends FakeAiperfTestBase {

  private static final List<String> PAGES =
      List.of("", "batches", "failed", "submit", "api/v1/list", "api/v1/status", "observe/health");

  private final HttpClient client = HttpClient.newHttpClient();

  /** Damages a batch. */
  private interface Damage {
    void to(Path batch) throws Exception;
  }

  @Test
  void startsAndGoesOn() throws Exception {
    // given
    Map<String, Batch> damaged = damagedBatches();
    damageTheState();
    // when
    Program serve = caravan.serve();
    caravan.drop("whole.yaml", config("whole", "fake-ok", ""));
    // then
    serve.awaitLine("Finished: " + caravan.home() + "/aiperf_results/whole");
    assertThat(serve.err()).doesNotContain("\tat ");
    damaged.forEach(
        (name, batch) ->
            assertThat(serve.log())
                .as(name)
                .filteredOn(line -> line.contains(batch.folder().getParent().getFileName() + "/"))
                .hasSizeLessThan(4));
    for (String page : PAGES) {
      assertThat(get(page)).as("/" + page + "\n" + serve.err()).isLessThan(500);
    }
    for (Batch batch : damaged.values()) {
      assertThat(get("batches/" + batch.id())).as(batch.id() + "\n" + serve.err()).isLessThan(500);
    }
    for (String command : List.of("list", "status", "release", "report whole --format md")) {
      ExecutedCommand program = caravan.execute(command.split(" "));
      assertThat(program.exit()).as(command + ": " + program.err()).isZero();
    }
    assertThat(serve.isRunning()).isTrue();
  }

  private Map<String, Batch> damagedBatches() throws Exception {
    Map<String, Damage> damages = new LinkedHashMap<>();
    damages.put("owner", batch -> edit(batch, "\"home\" : \"", "\"home\" : null, \"x\" : \""));
    damages.put(
        "versions", batch -> edit(batch, "\"versions\" : {", "\"versions\" : null, \"x\" : {"));
    damages.put("record-folder", batch -> folder(batch.resolve("batch.json")));
    damages.put("record-fifo", batch -> fifo(batch.resolve("batch.json")));
    damages.put("record-cut", batch -> Files.writeString(batch.resolve("batch.json"), "{\"id\":"));
    damages.put("config", batch -> Files.writeString(batch.resolve("config.yaml"), "}{: nonsense"));
    damages.put("config-link", batch -> link(batch.resolve("config.yaml"), "nowhere"));
    damages.put("control", batch -> Files.writeString(batch.resolve("control.json"), "garbage"));
    damages.put("control-fifo", batch -> fifo(batch.resolve("control.json")));
    damages.put("summary-fifo", batch -> fifo(batch.resolve("summary.json")));
    damages.put("results-fifo", batch -> fifo(batch.resolve("results.csv")));
    damages.put("folder-gone", batch -> new DurableFiles().delete(batch));
    SampleTree tree = new SampleTree(caravan.home());
    String id = HomeId.of(tree.home().home, new DurableFiles());
    Map<String, Batch> batches = new LinkedHashMap<>();
    for (String name : damages.keySet()) {
      Batch batch = tree.batch("damaged-" + name, "concurrency: [1]", "");
      tree.succeeded(batch.run(0), 100, 20);
      tree.summarise(batch, false);
      edit(batch.folder(), ScratchHome.OWNER.home(), id);
      batches.put(name, batch);
    }
    new DurableFiles().delete(tree.home().home.claimed());
    for (Map.Entry<String, Damage> damage : damages.entrySet()) {
      damage.getValue().to(batches.get(damage.getKey()).folder());
    }
    return batches;
  }

  private void damageTheState() throws Exception {
    Path state = new Home(caravan.home()).state();
    Files.createDirectories(caravan.home().resolve("aiperf_results"));
    Files.writeString(caravan.home().resolve("aiperf_results/notes"), "a file");
    String entry = "{\"sequence\": %d, \"claim_id\": %s, \"parent\": %s}";
    write(state.resolve("open/0000000101_aaaa.json"), "garbage");
    write(state.resolve("open/0000000102_bbbb.json"), entry.formatted(102, "\"bbbb\"", "null"));
    write(
        state.resolve("open/0000000103_cccc.json"),
        entry.formatted(103, "\"cccc\"", "\"aiperf_results/notes\""));
    write(
        state.resolve("open/0000000104_dddd.json"),
        entry.formatted(104, "\"dddd\"", "\"" + "x".repeat(300) + "\""));
    fifo(state.resolve("open/0000000105_eeee.json"));
    write(state.resolve("control.json"), "garbage");
    write(state.resolve("control/1.json"), "garbage");
    write(state.resolve("outputs/x.json"), "{\"folder\": 7}");
    write(state.resolve("cache/list.json"), "{\"version\": 2, \"batches\": {\"/x\": null}}");
    folder(state.resolve("status.json"));
    write(state.resolve("id"), "garbage");
    folder(state.resolve("lock"));
    for (String kind : List.of("tmp", "attempts", "spool", "in-flight")) {
      write(state.resolve(kind), "a file");
    }
    write(state.resolve("starts.txt"), "garbage\n");
    write(state.resolve("pid"), "garbage");
    write(state.resolve("outages.json"), "{\"outages\": [null]}");
    write(state.resolve("secret"), "garbage");
    Files.createDirectories(state.resolve("keys.env"));
    for (String kind :
        List.of("processes", "unmasked", "withheld", "outputs", "control", "outbox")) {
      write(state.resolve(kind).resolve("7-1.json"), "garbage");
      write(state.resolve(kind).resolve("7-2.json"), "null");
      write(state.resolve(kind).resolve("7-3.json"), "{}");
      Files.createDirectories(state.resolve(kind).resolve("7-4.json/below"));
      fifo(state.resolve(kind).resolve("7-5.json"));
      link(state.resolve(kind).resolve("7-6.json"), "nowhere");
    }
    Path outbox = state.resolve("outbox");
    write(outbox.resolve("0000000000000001.jsonl"), "garbage\n{}\nnull\n");
    Files.createDirectories(outbox.resolve("0000000000000002.jsonl"));
    fifo(outbox.resolve("0000000000000003.jsonl"));
    link(outbox.resolve("0000000000000004.jsonl"), "nowhere");
  }

  private int get(String page) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(caravan.http() + "/" + page))
            .timeout(Program.TIMEOUT) // a read of a pipe would never end
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private static void edit(Path batch, String from, String to) throws IOException {
    Path file = batch.resolve("batch.json");
    String text = Files.readString(file);
    assertThat(text).contains(from);
    Files.writeString(file, text.replace(from, to));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static void folder(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.createDirectory(file);
  }

  private static void link(Path file, String target) throws IOException {
    Files.deleteIfExists(file);
    Files.createSymbolicLink(file, Path.of(target));
  }

  private static void fifo(Path file) throws Exception {
    Files.deleteIfExists(file);
    Fifo.create(file);
  }
}
