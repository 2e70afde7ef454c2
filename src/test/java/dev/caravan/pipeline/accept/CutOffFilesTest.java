package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.config.Overrides;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kill leaves while a batch folder, or a copy of a dataset, is made. */
class CutOffFilesTest {

  private static final String UUID = "0b9c7b1e-3f6e-4f0c-9d3b-1f2f3a4b5c6d";
  private static final Duration DAYS = Duration.ofDays(2);

  @TempDir private Path folder;
  private ScratchHome home;

  @BeforeEach
  void prepare() throws IOException {
    home = new ScratchHome(Files.createDirectory(folder.resolve("home")));
  }

  @Test
  void goesWhenTheNextBatchOfTheNameIsAccepted() throws Exception {
    // given
    Path parent = home.home.root().resolve("aiperf_results/benchmark");
    made(parent.resolve(".20261101_010203.0123456789abcdef.tmp"), DAYS);
    made(parent.resolve(".20261101_010203_2.0123456789abcdef0123456789abcdef.tmp"), DAYS);
    made(parent.resolve(".20261101_010204.0123456789abcdef.tmp"), Duration.ZERO);
    made(parent.resolve(".mine.tmp"), DAYS);
    made(parent.resolve(".mine.20261101.tmp"), DAYS);

    // when
    home.accept(FixedRules.BASE);

    // then
    assertThat(names(parent))
        .hasSize(4)
        .contains(".20261101_010204.0123456789abcdef.tmp", ".mine.tmp", ".mine.20261101.tmp");
  }

  @Test
  void goesWhenTheNextDatasetIsCopied() throws Exception {
    // given
    Path datasets = home.home.root().resolve("datasets");
    made(datasets.resolve("." + UUID + ".tmp"), DAYS);
    made(datasets.resolve(".0123-large.jsonl." + UUID + ".tmp"), DAYS);
    made(datasets.resolve(".0124-large.jsonl." + UUID + ".tmp"), Duration.ZERO);
    made(datasets.resolve("mine.tmp"), DAYS);
    made(datasets.resolve(".mine.202611010930.tmp"), DAYS);
    Files.writeString(folder.resolve("a.jsonl"), "{\"text\": \"x\"}\n");
    Path config =
        Files.writeString(folder.resolve("a.yaml"), FixedRules.BASE + "  input_file: a.jsonl\n");

    // when
    new InboxSubmission(home.home).submit(config, Overrides.NONE);

    // then
    assertThat(names(datasets))
        .hasSize(4)
        .contains(".0124-large.jsonl." + UUID + ".tmp", "mine.tmp", ".mine.202611010930.tmp");
  }

  private static void made(Path made, Duration ago) throws IOException {
    Files.writeString(Files.createDirectories(made).resolve("file"), "x");
    Files.setLastModifiedTime(made, FileTime.from(Instant.now().minus(ago)));
  }
}
