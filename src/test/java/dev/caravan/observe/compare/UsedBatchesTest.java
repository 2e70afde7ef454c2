package dev.caravan.observe.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.model.Batch;
import dev.caravan.testing.ScratchHome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which batches the configs of others name: retention leaves those alone. */
class UsedBatchesTest {

  @Test
  void areAllThatHaveTheNamedId(@TempDir Path folder) throws Exception {
    // given
    ScratchHome scratch = new ScratchHome(folder);
    Batch named = scratch.accept("output_base_dir: r1\n" + FixedRules.BASE);
    String config = "output_base_dir: r2\nbatch_name: b\ncompare: {batch: %s}\n";
    Batch naming = scratch.accept(config.formatted(named.id()) + FixedRules.BASE);
    Path namesake = scratch.home.root().resolve("r2").resolve(named.id());
    String record = Files.readString(named.folder().resolve("batch.json"));
    Files.createDirectories(namesake);
    Files.writeString(
        namesake.resolve("batch.json"), record.replace(named.record().claimId(), "feed0123"));

    // when
    UsedBatches used = UsedBatches.of(scratch.settings());

    // then
    assertThat(used.named(List.of(naming.folder())))
        .containsExactlyInAnyOrder(named.folder(), namesake);
  }
}
