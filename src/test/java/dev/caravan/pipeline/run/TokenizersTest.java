package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.settings.Version;
import dev.caravan.model.Cause;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.pipeline.process.KeyPassing;
import dev.caravan.pipeline.process.StopSignal;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads tokenizers with an interpreter that only counts how often it is asked. */
class TokenizersTest {

  private static final int CANNOT_LOAD = 3;

  @TempDir Path folder;
  private Path cache;
  private Run run;

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

  @Test
  void loadsATokenizerOnceAndNotAgainInTheNextCommand() throws IOException {
    // when
    Tokenizers first = tokenizers();
    load(first);
    load(first);
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void triesATokenizerThatDoesNotLoadEachTime() throws IOException {
    // given
    exitsWith(CANNOT_LOAD);
    Tokenizers tokenizers = tokenizers();
    // when
    PreflightResult first = load(tokenizers);
    PreflightResult second = load(tokenizers);
    exitsWith(0);
    // then
    assertThat(List.of(first, second))
        .allSatisfy(
            result -> {
              assertThat(result.cause()).isEqualTo(Cause.TOKENIZER_UNAVAILABLE.value());
              assertThat(result.message())
                  .isEqualTo(
                      "no such tokenizer"
                          + " (tokenizer: builtin, or the path of its folder, needs no model hub)");
            });
    assertThat(load(tokenizers)).isEqualTo(PreflightResult.PASSED);
    assertThat(loads()).isEqualTo(3);
  }

  @Test
  void loadsItAgainAfterAPackageWasInstalled() throws IOException {
    // given
    load(tokenizers());
    // when
    Files.createDirectory(folder.resolve("venv/lib/python3.11/site-packages/transformers-9.dist"));
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void loadsItAgainAfterItsFilesChanged() throws IOException {
    // given
    Path file = Files.createDirectories(folder.resolve("my-tokenizer")).resolve("tokenizer.json");
    Files.writeString(file, "{}");
    load(tokenizers());
    // when
    Files.writeString(file, "{broken");
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void loadsItAgainAfterFilesChangedThatLinksLeadTo() throws IOException {
    // given
    Path real = Files.createDirectories(folder.resolve("real"));
    Files.writeString(real.resolve("tokenizer.json"), "{}");
    Files.createSymbolicLink(folder.resolve("my-tokenizer"), real);
    load(tokenizers());
    // when
    Files.writeString(real.resolve("tokenizer.json"), "{broken");
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void remembersATokenizerWhoseFolderLinksToItself() throws IOException {
    // given
    Path tokenizer = Files.createDirectories(folder.resolve("my-tokenizer"));
    Files.createSymbolicLink(tokenizer.resolve("latest"), Path.of("."));
    // when
    load(tokenizers());
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void endsTheLoadingWhenInterrupted() throws IOException {
    // given
    script("venv/bin/python", sleepingInterpreter());
    Tokenizers tokenizers = tokenizers();
    tokenizers.begin(run);
    await().until(() -> loads() == 1);
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    // when
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> load(tokenizers)).isInstanceOf(InterruptedIOException.class);
    // then
    assertThat(Thread.interrupted()).isTrue();
    await().until(() -> !process.isAlive());
  }

  @Test
  void loadsItAgainAfterADayInTheSameProcess() throws IOException {
    // given
    AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
    LoadedTokenizers loaded = new LoadedTokenizers(Optional.empty(), new DurableFiles(), now::get);
    Tokenizers tokenizers = tokenizers(loaded);
    load(tokenizers);
    load(tokenizers);
    // when
    now.set(now.get().plus(LoadedTokenizers.KEPT));
    load(tokenizers);
    // then
    assertThat(loads()).isEqualTo(2);
  }

  @Test
  void loadsItAgainAfterADayAndForgetsTheOldFile() throws IOException {
    // given
    load(tokenizers());
    Path remembered = remembered().get(0);
    Files.setLastModifiedTime(
        remembered, FileTime.from(Instant.now().minus(LoadedTokenizers.KEPT.plusMinutes(1))));
    // when
    load(tokenizers());
    // then
    assertThat(loads()).isEqualTo(2);
    assertThat(remembered()).hasSize(1);
  }

  @Test
  void passesWhenNothingCanBeRemembered() throws IOException {
    // given
    Files.writeString(cache, "a file where the folder should be");
    // then
    assertThat(load(tokenizers())).isEqualTo(PreflightResult.PASSED);
  }

  @Test
  void loadsInTheBackgroundOnceBegun() throws IOException {
    // given
    Tokenizers tokenizers = tokenizers();
    // when
    tokenizers.begin(run);
    await().until(() -> loads() == 1);
    // then
    assertThat(load(tokenizers)).isEqualTo(PreflightResult.PASSED);
    assertThat(loads()).isEqualTo(1);
  }

  @Test
  void endsALoadingThatARunDoesNotWaitFor() throws IOException {
    // given
    script("venv/bin/python", sleepingInterpreter());
    Tokenizers tokenizers = tokenizers();
    tokenizers.begin(run);
    await().until(() -> loads() == 1);
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    // when
    tokenizers.leave(run);
    // then
    await().until(() -> !process.isAlive());
  }

  @Test
  void endsTheLoadingWhenItsRunIsStopped() throws IOException {
    // given
    script("venv/bin/python", sleepingInterpreter());
    Tokenizers tokenizers = tokenizers();
    tokenizers.begin(run);
    await().until(() -> loads() == 1);
    StopSignal stop = new StopSignal();
    stop.stop("cancelled");
    // then
    assertThat(tokenizers.load(run, stop).message())
        .isEqualTo("cannot check the tokenizer: cancelled");
  }

  private String sleepingInterpreter() {
    return """
        #!/bin/sh
        case "$*" in
          *--version) echo %1$s ;;
          *) echo $$ > "%2$s/pid"; echo load >> "%2$s/loads"; exec sleep 60 ;;
        esac
        """
        .formatted(Version.AIPERF, folder);
  }

  private long pid() throws IOException {
    return Long.parseLong(Files.readString(folder.resolve("pid")).strip());
  }

  private PreflightResult load(Tokenizers tokenizers) throws IOException {
    return tokenizers.load(run, new StopSignal());
  }

  /** As in a process of its own. */
  private Tokenizers tokenizers() {
    return tokenizers(
        new LoadedTokenizers(Optional.of(cache), new DurableFiles(), InstantSource.system()));
  }

  private Tokenizers tokenizers(LoadedTokenizers loaded) {
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

  private List<Path> remembered() throws IOException {
    return new DurableFiles().list(cache);
  }

  private long loads() throws IOException {
    Path loads = folder.resolve("loads");
    return Files.exists(loads) ? Files.readAllLines(loads).size() : 0;
  }

  private void exitsWith(int code) throws IOException {
    Files.writeString(folder.resolve("code"), String.valueOf(code));
  }

  private void script(String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
