package dev.caravan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.HomeControl;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.Reporter;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlStore;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.pipeline.dispatch.Resume;
import dev.caravan.pipeline.outcome.Judge;
import dev.caravan.pipeline.outcome.LostAttemptTimes;
import dev.caravan.pipeline.outcome.RequestTail;
import dev.caravan.pipeline.process.ProcessExit;
import dev.caravan.pipeline.run.RunProgress;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.HomeId;
import dev.caravan.storage.RunFolder;
import dev.caravan.storage.SecretStore;
import dev.caravan.testing.Fifo;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every file that Caravan reads, damaged in every way: each reader says what is wrong as an {@link
 * IOException}, or does without; none fails otherwise, or hangs.
 */
class DamagedFilesTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LIMIT = Duration.ofMinutes(1);

  @TempDir private Path folder;
  private SampleTree tree;
  private Batch batch;
  private Run run;

  /** Reads one thing. */
  private interface Reading {
    void run() throws Exception;
  }

  /** Damages a file. */
  private interface Damage {
    void to(Path file) throws Exception;
  }

  @BeforeEach
  void writesAHome() throws IOException {
    tree = new SampleTree(folder);
    batch = tree.batch("b", "concurrency: [1, 2]", "gpu: h100");
    run = batch.run(0);
    tree.succeeded(run, 100, 20);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "aiperf exited 1");
    tree.summarise(batch, false);
    Path runFolder = run.folder();
    write(
        runFolder.resolve("run_metadata.json"),
        "{\"timestamp\": \"2026-11-24T12:00:00\", \"duration_seconds\": 2.5, \"aiperf_version\": \"0.13.0\"}");
    write(
        runFolder.resolve("profile_export.jsonl"),
        "{\"metadata\":{\"benchmark_phase\":\"profiling\",\"request_end_ns\":1764000000000000000},\"metrics\":{},\"error\":{\"code\":500,\"type\":\"X\",\"message\":\"m\",\"cause\":\"c\",\"cause_chain\":[\"A\"]}}\n");
    write(
        runFolder.resolve("server_metrics_export.json"),
        "{\"metrics\": {\"vllm:num_requests_running\": {\"series\": [{\"stats\": {\"avg\": 1}}]}}}");
    write(
        runFolder.resolve("stdout.log"),
        "Phase profiling (profiling) started | target: 3 requests\n");
    write(runFolder.resolve("stderr.log"), "Error: x\n");
    write(runFolder.resolve("logs/aiperf.log"), "a - ERROR - x\n");
    write(
        batch.folder().resolve("control.json"),
        "{\"schema\": 1, \"cancelled\": null, \"paused\": {\"at\": \"x\", \"by\": \"ann\", \"why\": \"\"}, \"cancelled_runs\": {\"1\": {\"at\": \"x\", \"by\": \"ann\"}}, \"again\": {\"1\": 1}, \"retries\": []}");
    Path state = tree.home().home.state();
    write(
        tree.home().home.controlFile(),
        "{\"schema\": 1, \"paused\": null, \"paused_targets\": {\"http://h:1\": {\"at\": \"x\", \"by\": \"ann\"}}}");
    write(state.resolve("keys.env"), "A_KEY=sk-0123456789abc\n");
    Files.setPosixFilePermissions(
        state.resolve("keys.env"),
        java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    HomeId.of(tree.home().home, new DurableFiles());
    read(
        "entries",
        () ->
            new BatchIndex(BatchIndex.of(tree.home().home), new BatchReader())
                .entries(List.of(batch.folder())));
    EventPipeline events = events();
    events.events().changed(new PipelineChange.Accepted(batch));
    events.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "missing",
        "empty",
        "cut",
        "garbage",
        "a folder",
        "a dangling link",
        "a link out",
        "a FIFO"
      })
  void readsAroundADamagedFile(String kind) throws Exception {
    int cases = 0;
    for (Path file : files()) {
      for (Damage damage : List.of(damage(kind))) {
        check(file, kind, damage);
        cases++;
      }
    }
    System.out.printf("DAMAGED %d files: %s%n", cases, kind);
    assertThat(cases).isGreaterThan(15);
  }

  @Test
  void readsAroundAnUnreadableFile() throws Exception {
    assumeFalse("root".equals(System.getProperty("user.name")), "root reads everything");
    for (Path file : files()) {
      check(file, "unreadable", damaged -> Files.setPosixFilePermissions(damaged, Set.of()));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "another type", "huge text", "huge number"})
  void readsAroundADamagedField(String kind) throws Exception {
    int cases = 0;
    for (Path file : files()) {
      for (Map.Entry<String, String> variant : fields(Files.readString(file), kind).entrySet()) {
        check(
            file, variant.getKey() + " is " + kind, damaged -> write(damaged, variant.getValue()));
        cases++;
      }
    }
    System.out.printf("DAMAGED %d fields: %s%n", cases, kind);
    assertThat(cases).isGreaterThan(100);
  }

  private void check(Path file, String what, Damage damage) throws Exception {
    byte[] whole = Files.readAllBytes(file);
    damage.to(file);
    readEverything(folder.relativize(file) + ": " + what);
    new DurableFiles().delete(file);
    Files.write(file, whole);
    if (file.endsWith("keys.env")) {
      Files.setPosixFilePermissions(
          file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    }
  }

  private void readEverything(String what) {
    ScratchHome home = tree.home();
    Path runFolder = run.folder();
    RunFolder files = new RunFolder(runFolder);
    Map<String, Reading> readings = new LinkedHashMap<>();
    readings.put("load", () -> new BatchStore(new DurableFiles()).load(batch.folder()));
    readings.put("control", () -> new ControlStore(new DurableFiles()).of(batch.folder()));
    readings.put("report", () -> new Reporter(new BatchReader()).report(List.of(batch.folder())));
    readings.put(
        "list",
        () ->
            new BatchIndex(BatchIndex.of(home.home), new BatchReader())
                .entries(List.of(batch.folder())));
    readings.put("lost times", () -> LostAttemptTimes.of(files, List.of()));
    readings.put(
        "tail",
        () -> {
          RequestTail.of(files.requests(), 1000).lastEnd();
          RequestTail.of(files.requests(), 1000).lastError();
        });
    readings.put("progress", () -> new RunProgress(runFolder).read());
    readings.put("judge", () -> judge(0));
    readings.put("judge a failure", () -> judge(1));
    readings.put("home control", () -> HomeControl.of(home.home));
    readings.put("home id", () -> HomeId.of(home.home, new DurableFiles()));
    readings.put("keys", () -> new SecretStore(home.home, Map.of()).value("A_KEY"));
    readings.put("open batches", () -> home.open.folders());
    readings.put(
        "resume",
        () ->
            new Resume(
                    home.open,
                    new BatchStore(new DurableFiles()),
                    ScratchHome.OWNER,
                    List.of(home.home.results()))
                .unfinishedBatches());
    readings.put(
        "events",
        () -> {
          EventPipeline events = events();
          events.restore(home.open, home.batches);
          events.close();
        });
    readAll(what, readings);
  }

  private void judge(int code) {
    OffsetDateTime now = OffsetDateTime.now();
    new Judge()
        .judge(
            run.folder(),
            new ProcessExit(ProcessExit.How.EXITED, code, "", now, now, Duration.ZERO),
            () -> true);
  }

  private EventPipeline events() throws IOException {
    return new EventPipeline(
        tree.home().home, new DurableFiles(), ScratchHome.OWNER, List.of("webhook"), true);
  }

  private static void read(String what, Reading reading) {
    readAll(what, Map.of("read", reading));
  }

  /** All in one thread, since to start one takes longer than to read. */
  private static void readAll(String what, Map<String, Reading> readings) {
    AtomicReference<String> current = new AtomicReference<>(what);
    assertTimeoutPreemptively(
        LIMIT,
        () -> {
          for (Map.Entry<String, Reading> each : readings.entrySet()) {
            current.set(what + ": " + each.getKey());
            readInWords(current.get(), each.getValue());
          }
        },
        current::get);
  }

  private static void readInWords(String what, Reading reading) {
    try {
      reading.run();
    } catch (IOException | SettingsRefusedException inWords) {
      assertThat(inWords.getMessage()).isNotBlank();
    } catch (Exception | StackOverflowError e) {
      fail(what, e);
    }
  }

  /** The files of the home that the test may damage. */
  private List<Path> files() throws IOException {
    try (var walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("/inbox/") && !file.endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  private static Damage damage(String kind) {
    return switch (kind) {
      case "missing" -> Files::delete;
      case "empty" -> file -> Files.write(file, new byte[0]);
      case "cut" ->
          file ->
              Files.write(
                  file, Arrays.copyOf(Files.readAllBytes(file), (int) Files.size(file) / 2));
      case "garbage" -> DamagedFilesTest::garbage;
      case "a folder" ->
          file -> {
            Files.delete(file);
            Files.createDirectory(file);
          };
      case "a dangling link" ->
          file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("nowhere"));
          };
      case "a link out" ->
          file -> {
            Files.delete(file);
            Files.createSymbolicLink(file, Path.of("/etc/passwd"));
          };
      default ->
          file -> {
            Files.delete(file);
            Fifo.create(file);
          };
    };
  }

  private static void garbage(Path file) throws IOException {
    byte[] bytes = new byte[5_000];
    new Random(7).nextBytes(bytes);
    Files.write(file, bytes);
  }

  /** The text with one field changed each time, by the field; none if it is not a JSON object. */
  private static Map<String, String> fields(String text, String kind) {
    Map<String, String> variants = new LinkedHashMap<>();
    try {
      JsonNode root = JSON.readTree(text);
      if (root instanceof ObjectNode object) {
        vary(object, object, "", kind, variants);
      }
    } catch (IOException notJson) {
      return variants;
    }
    return variants;
  }

  private static void vary(
      ObjectNode root, ObjectNode object, String path, String kind, Map<String, String> variants)
      throws IOException {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    for (String name : names) {
      JsonNode before = object.get(name);
      object.set(name, JSON.readTree(value(before, kind)));
      variants.put(path + name, root.toString().replace("\"HUGE\"", "1" + "0".repeat(900)) + "\n");
      object.set(name, before);
      if (before instanceof ObjectNode inner) {
        vary(root, inner, path + name + ".", kind, variants);
      } else if (before instanceof ArrayNode array
          && array.size() > 0
          && array.get(0) instanceof ObjectNode inner) {
        vary(root, inner, path + name + "[0].", kind, variants);
      }
    }
  }

  private static String value(JsonNode before, String kind) {
    return switch (kind) {
      case "null" -> "null";
      case "another type" -> before.isTextual() ? "{\"x\": [null]}" : "\"x\"";
      case "huge text" -> "\"" + "x\\u0000/".repeat(20_000) + "\"";
      default -> "\"HUGE\"";
    };
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
