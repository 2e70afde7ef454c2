package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.TokenizerCheck.Answer;
import dev.caravan.pipeline.process.TokenizerCheck.Kind;
import dev.caravan.pipeline.process.TokenizerCheck.Wanted;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loading a tokenizer by the aiperf of an interpreter; a stand-in for that aiperf. */
class TokenizerCheckTest {

  @TempDir Path folder;
  private Path temp;

  @BeforeEach
  void makeTemp() throws IOException {
    temp = Files.createDirectory(folder.resolve("t"));
  }

  @AfterEach
  void leavesNothingBehind() throws IOException {
    try (Stream<Path> left = Files.list(temp)) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void loadsTheTokenizerThatIsNamedAtItsRevision() throws IOException {
    // given
    aiperf("assert (name, revision) == ('gpt2', 'v1'), name + revision");
    // then
    assertThat(load(new Wanted("m", Optional.of("gpt2"), "v1")))
        .isEqualTo(new Answer(Kind.LOADED, ""));
  }

  @Test
  void goesByTheModelWhereNoneIsNamed() throws IOException {
    // given
    aiperf("assert name == 'org/model', name");
    // then
    assertThat(load(model("org/model")).kind()).isEqualTo(Kind.LOADED);
  }

  @Test
  void takesTheBuiltInOneForAPlaceholderAsAiperfDoes() throws IOException {
    // given
    aiperf("assert name == 'builtin', name");
    // then
    assertThat(load(model("mock-llama")).kind()).isEqualTo(Kind.LOADED);
    assertThat(load(model("llama")).message()).isEqualTo("llama");
  }

  @Test
  void saysOnOneLineWhyItCannotBeLoaded() throws IOException {
    // given
    aiperf("raise OSError('no such tokenizer:\\n  ' + name)");
    // then
    assertThat(load(model("m"))).isEqualTo(new Answer(Kind.UNAVAILABLE, "no such tokenizer: m"));
  }

  @Test
  void givesUpAfterItsLimit() throws IOException {
    // given
    aiperf("import time; time.sleep(60)");
    // then
    assertThat(check(Duration.ofSeconds(1)).load(python(), model("m"), new StopSignal()))
        .isEqualTo(new Answer(Kind.UNAVAILABLE, "tokenizer 'm' did not load within 1 s"));
  }

  @Test
  void knowsNothingOfAnAiperfThatIsBuiltOtherwise() throws IOException {
    // given
    Files.createDirectories(folder.resolve("lib/aiperf"));
    // when
    Answer answer = load(model("m"));
    // then
    assertThat(answer.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(answer.message()).contains("aiperf.common.tokenizer");
  }

  @Test
  void startsNothingAfterAStop() throws IOException {
    // given
    aiperf("pass");
    StopSignal stop = new StopSignal();
    stop.stop("enough");
    // then
    assertThat(check(Duration.ofSeconds(30)).load(python(), model("m"), stop))
        .isEqualTo(new Answer(Kind.UNKNOWN, "enough"));
  }

  private static Wanted model(String model) {
    return new Wanted(model, Optional.empty(), "main");
  }

  private static Path python() {
    return Path.of(Python.path());
  }

  private Answer load(Wanted wanted) throws IOException {
    return check(Duration.ofSeconds(30)).load(python(), wanted, new StopSignal());
  }

  private TokenizerCheck check(Duration limit) {
    Map<String, String> environment = new HashMap<>();
    environment.put("PATH", System.getenv("PATH"));
    environment.put("PYTHONPATH", folder.resolve("lib").toString());
    return new TokenizerCheck(environment, folder, temp, limit);
  }

  /** An aiperf whose tokenizer's loading is {@code body}. */
  private void aiperf(String body) throws IOException {
    Path common = Files.createDirectories(folder.resolve("lib/aiperf/common"));
    for (Path module : List.of(common, common.getParent())) {
      Files.writeString(module.resolve("__init__.py"), "");
    }
    Files.writeString(
        common.resolve("tokenizer.py"),
        """
        class Tokenizer:
            @classmethod
            def from_pretrained(cls, name, trust_remote_code=False, revision="main"):
                %s
        """
            .formatted(body));
    Files.writeString(
        common.resolve("tokenizer_fake_names.py"),
        "def is_fake_model_name(name):\n    return 'mock-' in name\n");
  }
}
