package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.FixedRules;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Claim;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AcceptanceTest {

  @TempDir private Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void createsOneBatchWhenAClaimIsAcceptedRepeatedly() throws Exception {
    // given
    Claim claim = scratch.claim("a.yaml", FixedRules.BASE);
    // when
    Batch first = scratch.acceptance.accept(claim, scratch.rules()).batch();
    Batch again = scratch.acceptance.accept(claim, scratch.rules()).batch();
    Batch afterARestart = new ScratchHome(folder).acceptance.accept(claim, scratch.rules()).batch();
    // then
    assertThat(again.folder()).isEqualTo(first.folder());
    assertThat(afterARestart.record()).isEqualTo(first.record());
    assertThat(names(first.folder().getParent())).hasSize(1);
    assertThat(scratch.open.entries()).hasSize(1);
  }

  @Test
  void createsTwoBatchesFromAConfigDroppedTwice() throws Exception {
    // when
    Batch first = scratch.accept(FixedRules.BASE);
    Batch second = scratch.accept(FixedRules.BASE);
    // then
    assertThat(second.folder()).isNotEqualTo(first.folder());
    assertThat(second.record().sequence()).isGreaterThan(first.record().sequence());
  }

  @Test
  void recordsTheOriginAndPlanInTheBatchRecord() throws Exception {
    // given
    Files.createDirectories(scratch.home.datasets());
    Files.writeString(scratch.home.datasets().resolve("d.jsonl"), "{\"text\": 1}\n{\"text\": 2}");
    String config =
        "batch_name: night\nlabels: {gpu: H100}\n"
            + FixedRules.BASE
            + "  input_file: d.jsonl\n  custom_dataset_type: single_turn\n"
            + "sweeps:\n  concurrency: [1, 2, 3]\n  model: [a, b]\n";
    Claim claim = scratch.claim("a.yaml", config);
    // when
    BatchRecord record = scratch.acceptance.accept(claim, scratch.rules()).batch().record();
    // then
    assertThat(record.id()).matches("night/\\d{8}_\\d{6}");
    assertThat(record.owner()).isEqualTo(ScratchHome.OWNER);
    assertThat(record.claimId()).isEqualTo(claim.id());
    assertThat(record.sourceFile()).isEqualTo("a.yaml");
    assertThat(record.sha256())
        .isEqualTo(InputFiles.sha256(config.getBytes(StandardCharsets.UTF_8)));
    assertThat(record.runs()).isEqualTo(6);
    assertThat(record.sweeps().toString()).isEqualTo("{concurrency=3, model=2}");
    assertThat(record.labels()).isEqualTo(Map.of("gpu", "H100"));
    assertThat(record.inputFile("d.jsonl").orElseThrow().rows()).isEqualTo(2);
    assertThat(record.versions().aiperf()).isEqualTo("0.13.0");
    assertThat(OffsetDateTime.parse(record.acceptedAt()))
        .isBetween(OffsetDateTime.now().minusMinutes(1), OffsetDateTime.now());
    assertThat(record.host()).isNotBlank();
  }

  @Test
  void leavesNoTraceOfARefusedConfigInTheResults() throws Exception {
    // given
    Claim claim = scratch.claim("a.yaml", "base_cfg: {}\n");
    // then
    assertThatThrownBy(() -> scratch.acceptance.accept(claim, scratch.rules()).batch())
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("a.yaml:1:1");
    assertThat(scratch.home.root().resolve("aiperf_results")).doesNotExist();
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void refusesAFileOverOneMebibyte() throws IOException {
    // given
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    // then
    assertThatThrownBy(() -> GivenConfig.read(large, "large.yaml"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessage("large.yaml: has 1048577 bytes; a config has at most 1048576");
    assertThatThrownBy(() -> GivenConfig.read(folder.resolve("gone.yaml"), "gone.yaml"))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining("there is no such file");
  }

  @Test
  void acceptsAFileThatIsNotInTheInbox() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("mine.yaml"), FixedRules.BASE);
    GivenConfig given = GivenConfig.read(file, file.toString());
    BenchmarkConfig config = given.check(scratch.rules(), "mine.yaml");
    // when
    Batch batch = scratch.acceptance.acceptFile(file, given, config, scratch.rules());
    // then
    assertThat(batch.record().sourceFile()).isEqualTo(file.toString());
    assertThat(file).exists();
    assertThat(scratch.open.entries()).isEmpty();
  }

  @Test
  void refusesAFolderThatBecameAFileAfterItsConfigWasRead() throws Exception {
    // given
    Path file = Files.writeString(folder.resolve("a.yaml"), "batch_name: b\n" + FixedRules.BASE);
    GivenConfig given = GivenConfig.read(file, file.toString());
    BenchmarkConfig config = given.check(scratch.rules(), "a.yaml");
    Path results = Files.writeString(scratch.home.root().resolve("aiperf_results"), "text");
    // then
    assertThatThrownBy(() -> scratch.acceptance.acceptFile(file, given, config, scratch.rules()))
        .isInstanceOf(ConfigRefusedException.class)
        .hasMessageContaining(results + " is not a folder");
    assertThat(scratch.open.entries()).isEmpty();
  }
}
