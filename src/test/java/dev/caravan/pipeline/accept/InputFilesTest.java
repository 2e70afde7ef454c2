package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.model.BatchRecord;
import dev.caravan.storage.Home;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputFilesTest {

  @TempDir private Path folder;
  private Home home;

  @BeforeEach
  void setUp() throws IOException {
    home = new Home(folder.resolve("home"));
    Files.createDirectories(home.datasets());
    Files.writeString(home.datasets().resolve("in.jsonl"), "{}\n");
    Files.writeString(home.root().resolve("out.jsonl"), "{}\n");
    Files.createDirectories(folder.resolve("elsewhere"));
    Files.writeString(folder.resolve("elsewhere/beside.jsonl"), "{}\n");
  }

  @Test
  void describesNothingThatIsNoFile() throws Exception {
    // given
    Path fifo = Fifo.create(folder.resolve("fifo"));
    // then
    assertThatThrownBy(() -> InputFiles.describe("fifo", fifo)).hasMessageContaining("a FIFO");
    assertThatThrownBy(() -> InputFiles.sumOf(home.datasets().resolve("in.jsonl"), Set.of(fifo)))
        .hasMessageContaining("a FIFO");
  }

  @Test
  void findsFilesBelowDatasetsForTheInbox() {
    // given
    InputFiles files = InputFiles.ofInbox(home);
    // then
    Path file = home.datasets().resolve("in.jsonl");
    assertThat(files.find("in.jsonl")).contains(file);
    assertThat(files.find("datasets/in.jsonl")).contains(file);
    assertThat(files.find(file.toString())).contains(file);
    assertThat(files.refusal("in.jsonl")).isEmpty();
  }

  @Test
  void findsNothingElseForTheInbox() throws IOException {
    // given
    InputFiles files = InputFiles.ofInbox(home);
    Files.createSymbolicLink(
        home.datasets().resolve("link.jsonl"), home.root().resolve("out.jsonl"));
    Path linking = Files.createDirectories(home.datasets().resolve("linking"));
    Files.createSymbolicLink(linking.resolve("out"), home.root().resolve("out.jsonl"));
    // then
    for (String name :
        new String[] {
          "out.jsonl",
          "../out.jsonl",
          "datasets/../out.jsonl",
          "link.jsonl",
          "linking",
          "datasets",
          ".",
          "/etc/hostname",
          "nowhere.jsonl",
          "nul\0byte"
        }) {
      assertThat(files.find(name)).as(name).isEmpty();
      assertThat(files.refusal(name).orElseThrow())
          .startsWith("no such input file; only files below " + home.datasets());
    }
  }

  @Test
  void namesEachSearchedFolderOnce() {
    // given
    Path here = Path.of("").toAbsolutePath();
    InputFiles files = InputFiles.ofCommand(here.resolve("x.yaml"), new Home(here));
    // when, then
    assertThat(files.refusal("none.jsonl")).contains("no such input file; searched " + here);
  }

  @Test
  void findsFoldersBelowDatasets() throws IOException {
    // given
    Path folder = Files.createDirectories(home.datasets().resolve("pool/a"));
    Files.writeString(folder.resolve("x.jsonl"), "{}\n{}\n");
    InputFiles files = InputFiles.ofInbox(home);
    // when
    Path found = files.find("pool").orElseThrow();
    BatchRecord.InputFile before = InputFiles.describe("pool", found);
    Files.move(folder.resolve("x.jsonl"), folder.resolve("y.jsonl"));
    // then
    assertThat(found).isEqualTo(home.datasets().resolve("pool"));
    assertThat(before.rows()).isEqualTo(2);
    assertThat(InputFiles.describe("pool", found).sha256()).isNotEqualTo(before.sha256());
  }

  @Test
  void searchesBesideTheConfigThenTheHomeForACommand() {
    // given
    InputFiles files = InputFiles.ofCommand(folder.resolve("elsewhere/c.yaml"), home);
    // then
    assertThat(files.find("beside.jsonl")).contains(folder.resolve("elsewhere/beside.jsonl"));
    assertThat(files.find("out.jsonl")).contains(home.root().resolve("out.jsonl"));
    assertThat(files.find("pom.xml")).contains(Path.of("pom.xml").toAbsolutePath());
    assertThat(files.refusal("nowhere.jsonl").orElseThrow())
        .contains("searched " + folder.resolve("elsewhere"), home.root().toString());
  }

  @ParameterizedTest
  @CsvSource({"'',0", "a,1", "'a\n',1", "'a\nb',2", "'a\nb\n',2", "'\n\n',2"})
  void countsTheLastLineWithOrWithoutALineBreak(String text, long rows) throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("f"), text);
    // when
    BatchRecord.InputFile described = InputFiles.describe("f", file);
    // then
    assertThat(described.rows()).isEqualTo(rows);
    assertThat(described.path()).isEqualTo(file.toString());
  }

  @Test
  void computesTheSha256OfTheBytes() throws IOException {
    // given
    Path file = Files.writeString(folder.resolve("f"), "abc");
    // then
    assertThat(InputFiles.describe("f", file).sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  }
}
