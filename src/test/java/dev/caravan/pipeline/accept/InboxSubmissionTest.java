package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.Overrides;
import dev.caravan.model.BatchRecord;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxSubmissionTest {

  @TempDir private Path folder;
  private ScratchHome scratch;
  private Path mine;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(Files.createDirectories(folder.resolve("home")));
    mine = Files.createDirectories(folder.resolve("mine"));
  }

  @Test
  void copiesAFileUnderItsSum() throws Exception {
    // given
    write("d.jsonl", "{\"text\": \"a\"}\n");
    // when
    BatchRecord.InputFile file = submitted("d.jsonl");
    // then
    assertThat(names(scratch.home.datasets())).containsExactly(file.sha256() + "-d.jsonl");
  }

  @Test
  void bringsTheFilesAlongThatADatasetNames() throws Exception {
    // given
    write("d.jsonl", "{\"text\": \"a\", \"image\": \"img/a.png\"}\n{\"image\": \"img/b.png\"}\n");
    write("img/a.png", "A");
    write("img/b.png", "B");
    write("img/unused.png", "C");
    // when
    BatchRecord.InputFile file = submitted("d.jsonl");
    // then
    Path copy = Path.of(file.path()).getParent();
    assertThat(copy.getParent()).isEqualTo(scratch.home.datasets());
    assertThat(copy.resolve("img/a.png")).hasContent("A");
    assertThat(names(copy.resolve("img"))).containsExactly("a.png", "b.png");
    // when
    write("img/a.png", "changed");
    Path again = Path.of(submitted("d.jsonl").path());
    // then
    assertThat(again.resolveSibling("img/a.png")).hasContent("changed");
    assertThat(names(scratch.home.datasets())).hasSize(2);
  }

  @Test
  void copiesAFolderWithItsFiles() throws Exception {
    // given
    write("pool/a.jsonl", "{\"text\": \"a\"}\n");
    write("pool/deep/b.jsonl", "{\"text\": \"b\"}\n");
    // when
    BatchRecord.InputFile file = submitted("pool");
    submitted("pool");
    // then
    assertThat(Path.of(file.path()).resolve("deep/b.jsonl")).exists();
    assertThat(file.rows()).isEqualTo(2);
    assertThat(names(scratch.home.datasets())).hasSize(1);
  }

  /** What a batch of the submitted config records of its input. */
  private BatchRecord.InputFile submitted(String input) throws Exception {
    write("c.yaml", FixedRules.BASE + "  input_file: " + input + "\n");
    String name =
        new InboxSubmission(scratch.home).submit(mine.resolve("c.yaml"), Overrides.NONE).name();
    String config = Files.readString(scratch.home.inbox().resolve(name));
    return scratch.accept(config).record().inputFiles().get(0);
  }

  private void write(String name, String text) throws IOException {
    Path file = mine.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
