package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.caravan.config.settings.Version;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.StopSignal;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Tokenizers that are loaded while something else is done for their runs. */
class TokenizersInBackgroundTest extends TokenizersTestBase {

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
  void tellsRunsWithOneIdApart() throws IOException {
    // given: the run of another batch, which an older version gave the same id
    script("venv/bin/python", sleepingInterpreter());
    Batch batch = run.batch();
    Run other =
        new Batch(folder.resolve("other"), batch.record(), batch.config(), batch.sweep()).run(0);
    Tokenizers tokenizers = tokenizers();
    tokenizers.begin(run);
    await().until(() -> loads() == 1);
    ProcessHandle process = ProcessHandle.of(pid()).orElseThrow();
    // when
    tokenizers.leave(other);
    tokenizers.begin(other);
    await().until(() -> loads() == 2);
    tokenizers.leave(other);
    ProcessHandle last = ProcessHandle.of(pid()).orElseThrow();
    await().until(() -> !last.isAlive());
    // then
    assertThat(other.id()).isEqualTo(run.id());
    assertThat(process.isAlive()).isTrue();
    tokenizers.leave(run);
    await().until(() -> !process.isAlive());
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
}
