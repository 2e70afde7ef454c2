package dev.caravan.pipeline.hooks;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.ProcessIdentity;
import dev.caravan.pipeline.process.ProcessRunner;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A home with hooks, which are scripts. */
abstract class HooksTestBase {

  static final String BASE =
      """
      batch_name: b
      base_config:
        model: m
        url: http://127.0.0.1:9
        health_check_endpoint: none
        warmup_request_count: 1
        benchmark_duration: 1
      """;

  /** Sections of a config of two runs. */
  static final String TWO = "sweeps: {concurrency: [1, 2]}\n";

  /** Sections of a config of two runs of each of two variants. */
  static final String VARIANTS = "variants: {a: {}, b: {}}\n" + TWO;

  @TempDir Path folder;

  ScratchHome scratch;

  @BeforeEach
  void home() throws IOException {
    scratch = new ScratchHome(folder);
  }

  /** Makes a script the command of a hook. */
  void hook(String name, String script) throws IOException {
    Path file = scratch.home.root().resolve(name + ".sh");
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    scratch.properties.setProperty("caravan.hooks." + name, "./" + name + ".sh");
  }

  /** A runner as after a restart, with the settings as they are now. */
  HookRunner runner() {
    return runner(scratch.files);
  }

  HookRunner runner(DurableFiles files) {
    ProcessRunner processes = new ProcessRunner();
    return new HookRunner(scratch.settings(), scratch.home, files, processes::run, true);
  }

  /** Runs what is due before an attempt, as after a restart. */
  Optional<AttemptHooks.Failure> before(Run run, int attempt) throws Exception {
    return new AttemptHooks(runner()).before(run, attempt, new StopSignal());
  }

  /** What is recorded in the files of a folder is of an earlier boot from now on. */
  static void reboot(Path folder) throws IOException {
    for (String name : ScratchHome.names(folder)) {
      if (name.endsWith(".json")) {
        Path file = folder.resolve(name);
        String now = ProcessIdentity.currentBoot();
        Files.writeString(file, Files.readString(file).replace(now, "an-earlier-boot"));
      }
    }
  }

  Batch accept(String sections) throws Exception {
    return scratch.accept(BASE + sections);
  }

  /** The lines that hooks have appended to a file of the home. */
  List<String> lines(String name) throws IOException {
    Path file = scratch.home.root().resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }
}
