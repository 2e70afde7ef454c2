package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.settings.ResultsKeep;
import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the next batch of a name will be compared with stays when all of its batches are old. */
class ComparedRetentionTest {

  private static final ResultsKeep LATE = ResultsKeep.younger(Duration.ofDays(90), false);

  private static final String COMPARED =
      ": newer batches are compared with it, or the next one will be";

  @TempDir private Path folder;

  private OldBatches old;

  @BeforeEach
  void prepare() throws IOException {
    old = new OldBatches(folder);
  }

  private Batch night(String compare) throws IOException {
    return old.ended(OldBatches.NIGHTLY + compare);
  }

  private List<Surplus> surplus() throws IOException {
    return old.retention(Duration.ofDays(91)).surplus(LATE, "nightly");
  }

  private static List<String> going(List<Surplus> surplus) {
    return surplus.stream().filter(each -> each.staysBecause().isEmpty()).map(Surplus::id).toList();
  }

  private static List<String> staying(List<Surplus> surplus) {
    return surplus.stream()
        .filter(each -> each.staysBecause().isPresent())
        .map(each -> each.id() + ": " + each.staysBecause().get())
        .toList();
  }

  @Test
  void theNewestAndThoseThatItIsComparedWithStay() throws Exception {
    // given
    Batch oldest = night("");
    Batch older = night("compare: {last: 2}\n");
    Batch failed = night("compare: {last: 2}\n");
    Batch before = night("compare: {last: 2}\n");
    Batch newest = night("compare: {last: 2}\n");
    OldBatches.judged(failed, "FAIL");

    // when
    List<Surplus> surplus = surplus();

    // then
    assertThat(staying(surplus))
        .containsExactly(newest.id() + COMPARED, before.id() + COMPARED, older.id() + COMPARED);
    assertThat(going(surplus)).containsExactly(failed.id(), oldest.id());
  }

  @Test
  void theLastPassStaysAlsoWhereTheNewestIsNone() throws Exception {
    // given
    Batch oldest = night("");
    Batch passed = night("");
    Batch open = night("compare: {last_pass: true}\n");
    OldBatches.judged(oldest, "PASS");
    OldBatches.judged(passed, "PASS");
    OldBatches.judged(open, "INCONCLUSIVE");

    // when, then
    assertThat(going(surplus())).containsExactly(open.id(), oldest.id());
  }

  @Test
  void whatTheNewestNamesStaysWithWhatThatNames() throws Exception {
    // given
    Batch first = night("");
    Batch second = night("compare: {batch: " + first.id() + "}\n");
    Batch third = night("");
    Batch newest = night("compare: {batch: " + second.id() + "}\n");

    // when, then
    assertThat(going(surplus())).containsExactly(newest.id(), third.id());
  }

  @Test
  void theRuleOfTheNewestCountsWhereAnOlderOneEndedLast() throws Exception {
    // given
    Batch again = night("");
    Batch before = night("compare: {last: 1}\n");
    Batch newest = night("compare: {last: 1}\n");
    endedLater(again);

    // when
    List<Surplus> surplus = surplus();

    // then
    assertThat(surplus)
        .extracting(Surplus::id)
        .as("one of two stays by its age, and the others for the next")
        .containsExactly(newest.id(), before.id());
    assertThat(going(surplus)).isEmpty();
  }

  @Test
  void allGoWhenTheNewestIsComparedWithNothing() throws Exception {
    // given
    Batch compared = night("compare: {last: 2}\n");
    Batch newest = night("");

    // when, then
    assertThat(going(surplus())).containsExactly(newest.id(), compared.id());
  }

  private static void endedLater(Batch batch) throws IOException {
    Path file = batch.folder().resolve(BatchFolder.SUMMARY);
    ObjectNode summary = (ObjectNode) Json.MAPPER.readTree(Files.readString(file));
    summary.put("finished_at", "2099-01-01T00:00:00Z");
    Files.write(file, Json.file(summary));
  }
}
