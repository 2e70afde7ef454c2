package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.process.TokenizerCheck.Kind;
import dev.caravan.pipeline.process.TokenizerCheck.Request;
import dev.caravan.pipeline.process.TokenizerCheck.Result;
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

/** Loads tokenizers through a stub of aiperf. */
class TokenizerCheckTest {

  @TempDir Path folder;
  private Path temp;

  @BeforeEach
  void createTemp() throws IOException {
    temp = Files.createDirectory(folder.resolve("t"));
  }

  @AfterEach
  void leavesNothingBehind() throws IOException {
    try (Stream<Path> files = Files.list(temp)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void loadsTheConfiguredTokenizerAtItsRevision() throws IOException {
    // given
    aiperf("assert (name, revision) == ('gpt2', 'v1'), name + revision");
    // then
    assertThat(load(new Request("m", Optional.of("gpt2"), "v1")))
        .isEqualTo(new Result(Kind.LOADED, ""));
  }

  @Test
  void usesTheModelIfNoTokenizerIsConfigured() throws IOException {
    // given
    aiperf("assert name == 'org/model', name");
    // then
    assertThat(load(model("org/model")).kind()).isEqualTo(Kind.LOADED);
  }

  @Test
  void usesTheBuiltInTokenizerForAPlaceholderModel() throws IOException {
    // given
    aiperf("assert name == 'builtin', name");
    // then
    assertThat(load(model("mock-llama")).kind()).isEqualTo(Kind.LOADED);
    assertThat(load(model("llama")).message()).isEqualTo("llama");
  }

  @Test
  void explainsOnOneLineWhyItCannotBeLoaded() throws IOException {
    // given
    aiperf("raise OSError('no such tokenizer:\\n  ' + name)");
    // then
    assertThat(load(model("m"))).isEqualTo(new Result(Kind.UNAVAILABLE, "no such tokenizer: m"));
  }

  @Test
  void namesAFolderThatIsNotThere() throws IOException {
    // given
    aiperf("raise OSError('Repo id must be in the form namespace/repo_name: ' + name)");
    // then
    assertThat(load(folder("./mine")))
        .isEqualTo(
            new Result(
                Kind.UNAVAILABLE,
                "Failed to load tokenizer './mine': there is no folder "
                    + folder.toRealPath().resolve("mine")));
    assertThat(load(folder("/nowhere")).message()).endsWith(": there is no folder /nowhere");
  }

  @Test
  void keepsTheReasonWhyAFolderCannotBeLoaded() throws IOException {
    // given
    aiperf("raise OSError('no tokenizer.json in ' + name)");
    Files.createDirectory(folder.resolve("mine"));
    // then
    assertThat(load(folder("./mine")).message()).isEqualTo("no tokenizer.json in ./mine");
  }

  @Test
  void saysThatOfflineModeKeepsAiperfFromReadingAFolder() throws IOException {
    // given
    aiperf("raise OSError('Repo id must be in the form namespace/repo_name: ' + name)");
    Files.createDirectory(folder.resolve("mine"));
    TokenizerCheck check = check(Duration.ofSeconds(30), Map.of("HF_HUB_OFFLINE", "1"));
    // when
    Result result = check.load(python(), folder("./mine"), new StopSignal());
    // then
    assertThat(result.message())
        .startsWith("Failed to load tokenizer './mine': unset HF_HUB_OFFLINE, with which aiperf ")
        .contains("Repo id must be");
  }

  @Test
  void failsAfterItsLimit() throws IOException {
    // given
    aiperf("import time; time.sleep(60)");
    // then
    assertThat(check(Duration.ofSeconds(1)).load(python(), model("m"), new StopSignal()))
        .isEqualTo(new Result(Kind.UNAVAILABLE, "tokenizer 'm' did not load within 1 s"));
  }

  @Test
  void reportsUnknownForAnUnknownAiperf() throws IOException {
    // given
    Files.createDirectories(folder.resolve("lib/aiperf"));
    // when
    Result result = load(model("m"));
    // then
    assertThat(result.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(result.message()).contains("aiperf.common.tokenizer");
  }

  @Test
  void startsNothingAfterAStopSignal() throws IOException {
    // given
    aiperf("pass");
    StopSignal stop = new StopSignal();
    stop.stop("enough");
    // then
    assertThat(check(Duration.ofSeconds(30)).load(python(), model("m"), stop))
        .isEqualTo(new Result(Kind.UNKNOWN, "enough"));
  }

  private static Request model(String model) {
    return new Request(model, Optional.empty(), "main");
  }

  private static Request folder(String tokenizer) {
    return new Request("m", Optional.of(tokenizer), "main");
  }

  private static Path python() {
    return Path.of(Python.path());
  }

  private Result load(Request request) throws IOException {
    return check(Duration.ofSeconds(30)).load(python(), request, new StopSignal());
  }

  private TokenizerCheck check(Duration limit) {
    return check(limit, Map.of());
  }

  private TokenizerCheck check(Duration limit, Map<String, String> variables) {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("PATH", System.getenv("PATH"));
    environment.put("PYTHONPATH", folder.resolve("lib").toString());
    return new TokenizerCheck(environment, folder, temp, limit);
  }

  /** Installs an aiperf stub that runs {@code body} to load a tokenizer. */
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
