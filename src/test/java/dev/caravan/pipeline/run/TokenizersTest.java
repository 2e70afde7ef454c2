package dev.caravan.pipeline.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Cause;
import dev.caravan.storage.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** What is loaded again, and what is not. */
class TokenizersTest extends TokenizersTestBase {

  private static final int CANNOT_LOAD = 3;

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

  private List<Path> remembered() throws IOException {
    return new DurableFiles().list(cache);
  }
}
