package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DatasetCheckTest {

  private static final String GOOD = "{\"text\": \"a\"}\n";

  @TempDir private Path folder;
  private Home home;
  private DatasetCheck check;

  @BeforeEach
  void setUp() throws IOException {
    home = new Home(folder.toRealPath());
    Files.createDirectories(home.datasets());
    check = new DatasetCheck(InputFiles.ofInbox(home));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"text\": \"a\"}",
        "\n\n{\"text\": \"a\"}\n\n \n{\"text\": \"b\"}\n\n",
        "{\"text\": \"a\", \"note\": 1}\r\n{\"text\": \"b\"}\r\n",
        "{\"texts\": [\"a\"]}",
        "{\"turns\": [{\"text\": \"a\"}]}",
        "{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}",
        "{\"input_length\": 5}",
        "{\"text\": \"in the middle\"}\nno JSON\n{\"text\": \"b\"}",
        "{\"image\": \"https://h/a.png\"}",
        "{\"image\": \"data:image/png;base64,AAAA\"}",
        "{\"audio\": \"wav,AAAA\"}",
      })
  void acceptsWhatAiperfReads(String text) throws IOException {
    assertThat(refused(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "'' | is empty",
        "' \n\n' | has only blank lines",
        "'\uFEFF{\"text\": \"a\"}' | line 1 starts with a byte order mark (BOM); save the file"
            + " without it",
        "'\n{\"text\": \"a\"},\n{\"text\": \"b\"}' | line 2 ends with a comma; aiperf reads one"
            + " JSON object per line, without commas between them",
        "'{\"text\": \"a\"}\n{\"text\": \"b\"},' | line 2 ends with a comma; aiperf reads one JSON"
            + " object per line, without commas between them",
        "'{\"text\": \"a\"}\n{\"text\": \"b' | line 2 is cut off: its JSON object has no end",
        "'{\"text\": \"a\"}\n{\"text\": ' | line 2 is cut off: its JSON object has no end",
        "'[{\"text\": \"a\"}]' | line 1 starts a JSON array; aiperf reads one JSON object per line",
        "'[\n{\"text\": \"a\"}\n]' | line 1 starts a JSON array; aiperf reads one JSON object per line",
        "'{\"text\": \"a\"}\n\"b\"' | line 2 is not a JSON object; aiperf reads one per line",
        "'text\na\n' | line 1 is not JSON: \"text\"",
        "'{\"text\": \"a\"} {\"text\": \"b\"}' | line 1 is not JSON: \"{\\\"text\\\": \\\"a\\\"}"
            + " {\\\"text\\\": \\\"b\\\"}\"",
      })
  void saysWhichLineAiperfCannotRead(String text, String why) throws IOException {
    assertThat(refused(text)).contains(why);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"prompt\": \"a\"} |  | write \"text\" for \"prompt\"",
        "{\"question\": \"a\"} | single_turn | write \"text\" for \"question\"",
        "{\"conversations\": [1]} | multi_turn | write \"turns\" for \"conversations\"",
        "{\"text\": \"\"} | | has none of the keys",
        "{\"text\": null} | single_turn | has none of the keys",
        "{\"text\": \"a\"} | mooncake_trace | (input_length, text_input, messages, payload)",
        "{\"text\": \"a\"} | multi_turn | (turns)",
      })
  void namesTheKeysThatItsFormatHas(String text, String format, String why) throws IOException {
    // when
    Optional<String> refused = check.refusal(dataset(text), Optional.ofNullable(format));
    // then
    assertThat(refused.orElseThrow()).startsWith("line 1 has none of the keys").contains(why);
  }

  @Test
  void leavesFormatsThatAreNoLinesToAiperf() throws IOException {
    // given
    Path csv = dataset("Timestamp,Request tokens,Response tokens\n1,2,3\n");
    Path document = write("inputs.json", "{\n  \"data\": [{\"payloads\": [{}]}]\n}\n");
    Path array = write("array.json", "[\n  {\"text\": \"a\"}\n]\n");
    // then
    assertThat(check.refusal(csv, Optional.of("burst_gpt_trace"))).isEmpty();
    assertThat(check.refusal(csv, Optional.empty())).isPresent();
    assertThat(check.refusal(document, Optional.empty())).isEmpty();
    assertThat(check.refusal(document, Optional.of("single_turn"))).isPresent();
    assertThat(check.refusal(array, Optional.empty())).isPresent();
  }

  @Test
  void readsCompressedDatasets() throws IOException {
    // given
    Path good = home.datasets().resolve("good.jsonl.gz");
    Path bad = home.datasets().resolve("bad");
    for (Path file : new Path[] {good, bad}) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
        out.write((file.equals(good) ? GOOD : "{\"prompt\": 1}").getBytes(StandardCharsets.UTF_8));
      }
    }
    // then
    assertThat(check.refusal(good, Optional.empty())).isEmpty();
    assertThat(check.refusal(bad, Optional.empty()).orElseThrow()).startsWith("line 1");
  }

  @Test
  void refusesTextThatIsNotUtf8() throws IOException {
    // given
    Path latin = home.datasets().resolve("latin");
    Files.write(latin, "{\"text\": \"für\"}".getBytes(StandardCharsets.ISO_8859_1));
    Path wide = home.datasets().resolve("wide");
    Files.write(wide, "\uFEFF{\"text\": \"a\"}".getBytes(StandardCharsets.UTF_16LE));
    // then
    assertThat(check.refusal(latin, Optional.empty())).contains("line 1 is not valid UTF-8");
    assertThat(check.refusal(wide, Optional.empty()).orElseThrow()).contains("UTF-16");
  }

  @Test
  void looksForTheFilesThatADatasetNames() throws IOException {
    // given
    write("img/a.png", "PNG");
    Files.writeString(home.root().resolve("secret"), "s");
    // then
    assertThat(refused("{\"text\": \"a\", \"image\": \"img/a.png\"}")).isEmpty();
    assertThat(refused("{\"images\": [{\"name\": \"i\", \"contents\": [\"img/a.png\"]}]}"))
        .isEmpty();
    assertThat(refused("{\"turns\": [{\"image\": \"img/b.png\"}]}").orElseThrow())
        .startsWith("names the file img/b.png, which is not below " + home.datasets());
    assertThat(refused(GOOD + "{\"images\": [\"../secret\"]}\n" + GOOD).orElseThrow())
        .startsWith("names the file ../secret, which");
    assertThat(refused("{\"video\": \"/etc/hostname\"}")).isPresent();
    Path beside = Files.writeString(folder.resolve("d.jsonl"), "{\"image\": \"x.png\"}");
    InputFiles command = InputFiles.ofCommand(folder.resolve("c.yaml"), home);
    assertThat(new DatasetCheck(command).refusal(beside, Optional.empty()).orElseThrow())
        .isEqualTo("names the file x.png, which is not in " + folder);
  }

  @Test
  void readsTheFilesOfAFolderInFormatsThatTakeOne() throws IOException {
    // given
    write("pool/a.jsonl", GOOD);
    write("bad/a.jsonl", GOOD);
    write("bad/b.jsonl", "{\"prompt\": \"a\"}\n");
    Files.createDirectories(home.datasets().resolve("empty"));
    // then
    assertThat(folder("pool", "random_pool")).isEmpty();
    assertThat(check.refusal(home.datasets().resolve("pool"), Optional.empty())).isEmpty();
    assertThat(folder("pool", "single_turn"))
        .contains("is a folder; custom_dataset_type single_turn takes a single file");
    assertThat(folder("bad", "random_pool").orElseThrow()).startsWith("b.jsonl: line 1 has none");
    assertThat(folder("empty", "random_pool")).contains("is an empty folder");
  }

  @Test
  void saysWhichDatasetsWorkersCannotGet() throws IOException {
    // given
    write("pool/a.jsonl", GOOD);
    // then
    assertThat(DatasetCheck.notPortable(dataset(GOOD))).isEmpty();
    assertThat(DatasetCheck.notPortable(dataset("{\"image\": \"a.png\"}"))).isPresent();
    assertThat(DatasetCheck.notPortable(home.datasets().resolve("pool"))).isPresent();
  }

  private Optional<String> folder(String name, String format) {
    return check.refusal(home.datasets().resolve(name), Optional.of(format));
  }

  private Optional<String> refused(String text) throws IOException {
    return check.refusal(dataset(text), Optional.empty());
  }

  private Path dataset(String text) throws IOException {
    return write("d.jsonl", text);
  }

  private Path write(String name, String text) throws IOException {
    Path file = home.datasets().resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }
}
