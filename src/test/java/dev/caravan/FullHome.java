package dev.caravan;

import dev.caravan.model.Batch;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.events.EventPipeline;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.pipeline.changes.PipelineChange;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.HomeId;
import dev.caravan.testing.SampleTree;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** A home with every file that Caravan reads. */
final class FullHome {

  final Batch batch;
  final Run run;
  private final Path folder;
  private final SampleTree tree;

  FullHome(Path folder) throws IOException {
    this.folder = folder;
    tree = new SampleTree(folder);
    batch = tree.batch("b", "concurrency: [1, 2]", "gpu: h100");
    run = batch.run(0);
    tree.succeeded(run, 100, 20);
    tree.ended(batch.run(1), Outcome.FAILED, "crashed", "aiperf exited 1");
    tree.summarise(batch, false);
    writeOutputOf(run.folder());
    writeState();
  }

  private void writeOutputOf(Path runFolder) throws IOException {
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
  }

  private void writeState() throws IOException {
    write(
        batch.folder().resolve("control.json"),
        "{\"schema\": 1, \"cancelled\": null, \"paused\": {\"at\": \"x\", \"by\": \"ann\", \"why\": \"\"}, \"cancelled_runs\": {\"1\": {\"at\": \"x\", \"by\": \"ann\"}}, \"again\": {\"1\": 1}, \"retries\": []}");
    Path state = tree.home().home.state();
    write(
        tree.home().home.controlFile(),
        "{\"schema\": 1, \"paused\": null, \"paused_targets\": {\"http://h:1\": {\"at\": \"x\", \"by\": \"ann\"}}}");
    write(state.resolve("keys.env"), "A_KEY=sk-0123456789abc\n");
    permit(state.resolve("keys.env"));
    HomeId.of(tree.home().home, new DurableFiles());
    entries();
    EventPipeline events = events();
    events.events().changed(new PipelineChange.Accepted(batch));
    events.close();
  }

  ScratchHome scratch() {
    return tree.home();
  }

  List<BatchEntry> entries() throws IOException {
    return new BatchIndex(BatchIndex.of(scratch().home), new BatchReader())
        .entries(List.of(batch.folder()));
  }

  EventPipeline events() throws IOException {
    return new EventPipeline(
        scratch().home, new DurableFiles(), ScratchHome.OWNER, List.of("webhook"), true);
  }

  /** The files of the home that the test may damage. */
  List<Path> files() throws IOException {
    try (var walk = Files.walk(folder)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("/inbox/") && !file.endsWith("lock"))
          .sorted()
          .toList();
    }
  }

  /** Writes a file as it was before. */
  static void restore(Path file, byte[] content) throws IOException {
    new DurableFiles().delete(file);
    Files.write(file, content);
    if (file.endsWith("keys.env")) {
      permit(file);
    }
  }

  private static void permit(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
