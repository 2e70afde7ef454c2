package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Version;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base class: an aiperf whose interpreter only counts how often it is asked for a tokenizer. */
abstract class TokenizersTestBase {

  @TempDir Path folder;
  Path cache;
  Run run;

  @BeforeEach
  void installAiperf() throws Exception {
    cache = folder.resolve("cache");
    script(
        "venv/bin/python",
        """
        #!/bin/sh
        case "$*" in
          *--version) echo %1$s ;;
          *) echo load >> "%2$s/loads"; echo no such tokenizer >&2; exit $(cat "%2$s/code") ;;
        esac
        """
            .formatted(Version.AIPERF, folder));
    script("venv/bin/aiperf", "#!" + folder.resolve("venv/bin/python") + "\nimport aiperf.cli\n");
    Files.createDirectories(folder.resolve("venv/lib/python3.11/site-packages"));
    exitsWith(0);
    run =
        RunStageFixture.in(Files.createDirectory(folder.resolve("home")))
            .accept(
                """
                base_config:
                  model: m
                  url: http://127.0.0.1:9
                  tokenizer: my-tokenizer
                  warmup_request_count: 1
                  benchmark_duration: 1
                  concurrency: 1
                """)
            .run(0);
  }

  PreflightResult load(Tokenizers tokenizers) throws IOException {
    return tokenizers.load(run, new StopSignal());
  }

  /** As in a process of its own. */
  Tokenizers tokenizers() {
    return tokenizers(
        new LoadedTokenizers(Optional.of(cache), new DurableFiles(), InstantSource.system()));
  }

  Tokenizers tokenizers(LoadedTokenizers loaded) {
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
    RunPolicy policy =
        new RunPolicy(
            environment,
            KeyPassing.ENVIRONMENT,
            Duration.ofSeconds(2),
            Optional.empty(),
            folder,
            folder.resolve("temp"),
            false);
    AiperfFinder aiperf =
        new AiperfFinder(
            () -> Optional.of(folder.resolve("venv/bin/aiperf").toString()),
            folder,
            environment,
            Duration.ofSeconds(30));
    return new Tokenizers(aiperf, policy, loaded);
  }

  long loads() throws IOException {
    Path loads = folder.resolve("loads");
    return Files.exists(loads) ? Files.readAllLines(loads).size() : 0;
  }

  void exitsWith(int code) throws IOException {
    Files.writeString(folder.resolve("code"), String.valueOf(code));
  }

  void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
