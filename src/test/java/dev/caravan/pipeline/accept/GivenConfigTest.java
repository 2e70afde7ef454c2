package dev.caravan.pipeline.accept;

import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.FixedRules;
import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.YamlSource;
import dev.caravan.model.Batch;
import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A config and what is set over it travel together, and are kept apart. */
class GivenConfigTest {

  private static final Overrides OVERRIDES =
      Overrides.of(
          Optional.of("nächtlich"),
          List.of("image=\"0.34\"\nü \u2028"),
          List.of("sweeps.concurrency=[1, 2]"));

  @TempDir private Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void saysInWordsWhyThereIsNoConfig() throws IOException {
    // given
    Path plain = Files.createFile(folder.resolve("plain"));

    // when, then
    assertThatThrownBy(() -> GivenConfig.read(folder, "d"))
        .hasMessageContaining("d: this is a folder; give the config in it");
    assertThatThrownBy(() -> GivenConfig.read(folder.resolve("gone"), "gone"))
        .hasMessageContaining("gone: there is no such file");
    assertThatThrownBy(() -> GivenConfig.read(plain.resolve("c.yaml"), "plain/c.yaml"))
        .hasMessageContaining("plain/c.yaml: cannot be read: ")
        .hasMessageContaining("Not a directory")
        .hasMessageNotContaining("java.nio");
  }

  @Test
  void hasRoomForTheOverridesOfALargeConfig() throws IOException {
    // given
    int most = YamlSource.MAX_BYTES;
    byte[] largest = (FixedRules.BASE + "#" + "x".repeat(most)).substring(0, most).getBytes(UTF_8);
    byte[] larger =
        (FixedRules.BASE + "#" + "x".repeat(most)).substring(0, most + 1).getBytes(UTF_8);
    Overrides many =
        Overrides.of(Optional.of("\u0001".repeat(120_000)), List.of("a=b"), List.of("priority=1"));

    // then
    for (Overrides overrides : List.of(Overrides.NONE, OVERRIDES, many)) {
      Path file = folder.resolve("c.yaml");
      Files.write(file, new GivenConfig(largest, overrides).bytes());
      assertThat(GivenConfig.read(file, "c.yaml").file()).isEqualTo(largest);
      assertThat(GivenConfig.read(file, "c.yaml").overrides()).isEqualTo(overrides);
      Files.write(file, new GivenConfig(larger, overrides).bytes());
      assertThatThrownBy(() -> GivenConfig.read(file, "c.yaml"))
          .hasMessage("c.yaml: has 1048577 bytes; a config has at most 1048576");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "a: 1", "a: 1\r\nb: 2\r\n", "\n\n", "\uFEFFa: 1\n", "# caravan-overrides: x"})
  void keepsEveryByteOfTheFile(String file) {
    for (byte[] bytes : List.of(file.getBytes(UTF_8), file.getBytes(UTF_16))) {
      // when
      byte[] both = new GivenConfig(bytes, OVERRIDES).bytes();
      GivenConfig read = GivenConfig.of(both, "c.yaml");
      // then
      assertThat(read.file()).isEqualTo(bytes);
      assertThat(read.overrides()).isEqualTo(OVERRIDES);
    }
  }

  @Test
  void isTheFileItselfWithoutOverrides() {
    // given
    byte[] file = "a: 1\n# caravan-overrides: []\n".getBytes(UTF_8);
    // then
    assertThat(GivenConfig.of(file, "c.yaml").file()).isEqualTo(file);
    assertThat(GivenConfig.of(file, "c.yaml").bytes()).isEqualTo(file);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "{}",
        "[[]]",
        "[\"--set a=1\"] x",
        "null",
        "[{\"a\": 1}]",
        "[7]",
        "\"--set a=1\""
      })
  void refusesALineThatIsNoListOfOptions(String written) {
    assertThatThrownBy(() -> given(written))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessage(
            "c.yaml:1:1: after \"# caravan-overrides:\" there must be a JSON list of options, such as"
                + " [\"--set base_config.concurrency=4\"]");
  }

  @Test
  void readsOverridesAfterAByteOrderMark() throws Exception {
    // given
    String text = "\uFEFF# caravan-overrides: [\"--name night\"]\nbase_config: {}\n";

    // when
    GivenConfig given = GivenConfig.of(text.getBytes(StandardCharsets.UTF_8), "c.yaml");

    // then
    assertThat(given.overrides().any()).isTrue();
    assertThat(new String(given.file(), StandardCharsets.UTF_8)).isEqualTo("base_config: {}\n");
  }

  @Test
  void checksAHandWrittenLineLikeOptions() {
    assertThatThrownBy(
            () ->
                given("[\"--set base_config.url=3\", null, \"--env A=b\"]")
                    .check(new FixedRules(), "c.yaml"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("c.yaml: --set base_config.url=…: \"3\": must be a string")
        .hasMessageContaining("--name, --label, --set: an override must be one of these options");
  }

  @Test
  void becomesABatchThatKeepsTheFileAndRecordsTheOverrides() throws Exception {
    // given
    String text = "# mine\r\nlabels: {a: b}\r\n" + FixedRules.BASE + "sweeps: {model: [a, b]}\n";
    Path config = Files.writeString(folder.resolve("mine.yaml"), text);
    Overrides overrides =
        Overrides.of(
            Optional.of("nightly"),
            List.of("image=0.34.0"),
            List.of("base_config.url=http://gpu-2:8000", "output_base_dir=results"));
    // when
    InboxSubmission.Submitted submitted =
        new InboxSubmission(scratch.home).submit(config, overrides);
    Path dropped = scratch.home.inbox().resolve(submitted.name());
    Batch batch = scratch.acceptAndArchive(scratch.inbox.claim(dropped.toString()));
    // then
    assertThat(batch.folder().getParent()).isEqualTo(submitted.parent());
    assertThat(batch.id()).startsWith("nightly/");
    assertThat(Files.readAllBytes(batch.folder().resolve("config.yaml")))
        .isEqualTo(text.getBytes(UTF_8));
    assertThat(batch.record().sha256()).isEqualTo(InputFiles.sha256(text.getBytes(UTF_8)));
    assertThat(batch.record().overrides()).isEqualTo(overrides);
    assertThat(batch.record().labels().toString()).isEqualTo("{a=b, image=0.34.0}");
    assertThat(batch.run(0).parameters().url()).isEqualTo("http://gpu-2:8000");
    // when
    Batch read = new ScratchHome(folder).batches.load(batch.folder());
    Path archived = scratch.home.done().resolve(submitted.name());
    Batch again = scratch.accept(Files.readString(archived));
    // then
    assertThat(read.config()).isEqualTo(batch.config());
    assertThat(read.record()).isEqualTo(batch.record());
    assertThat(again.config()).isEqualTo(batch.config());
  }

  @Test
  void refusesAKeyThatAnOptionReplacesAlsoWhereOnlyWorkersHaveKeys() {
    // given
    SourceRules rules =
        new SourceRules(
            Set.of(),
            10,
            new KeyRules(List.of("*_API_KEY"), Setting.KEYS_ALLOWED),
            scratch.keys,
            true,
            scratch.outputs(),
            InputFiles.ofInbox(scratch.home),
            scratch.hooks(),
            AiperfExtras.unknown());
    GivenConfig given =
        given(
            "[\"--set base_config.api_key_env_var=sk_s3cret\","
                + " \"--set base_config.api_key_env_var=SOME_API_KEY\"]");
    // then
    assertThatThrownBy(() -> given.check(rules, "c.yaml"))
        .hasMessageContaining("--set base_config.api_key_env_var=…: (value not shown): an option")
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void bringsTheInputFileOfAnOverrideAlong() throws Exception {
    // given
    Path mine = Files.createDirectories(folder.resolve("mine"));
    Path config = Files.writeString(mine.resolve("c.yaml"), FixedRules.BASE);
    Files.writeString(mine.resolve("d.jsonl"), "{\"text\": \"a\"}\n");
    Overrides overrides =
        Overrides.of(Optional.empty(), List.of(), List.of("base_config.input_file=d.jsonl"));
    // when
    String name = new InboxSubmission(scratch.home).submit(config, overrides).name();
    Batch batch = scratch.accept(Files.readString(scratch.home.inbox().resolve(name)));
    // then
    assertThat(batch.record().inputFiles())
        .singleElement()
        .satisfies(file -> assertThat(file.path()).endsWith("-d.jsonl"));
  }

  @Test
  void addsToTheOverridesThatAFileHas() throws Exception {
    // given
    GivenConfig given = given("[\"--label a=1\", \"--label b=1\"]");
    // when
    GivenConfig more = given.with(Overrides.of(Optional.empty(), List.of("b=2"), List.of()));
    // then
    assertThat(more.check(new FixedRules(), "c.yaml").labels().toString()).isEqualTo("{a=1, b=2}");
  }

  private static GivenConfig given(String written) {
    String text = "# caravan-overrides: " + written + "\n" + FixedRules.BASE;
    return GivenConfig.of(text.getBytes(UTF_8), "c.yaml");
  }
}
