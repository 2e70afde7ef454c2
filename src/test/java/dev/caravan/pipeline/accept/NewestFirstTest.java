package dev.caravan.pipeline.accept;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.config.FixedRules;
import dev.caravan.storage.BatchFolder;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NewestFirstTest {

  private static final Pattern ACCEPTED = Pattern.compile("(\"accepted_at\" ?: ?)\"[^\"]*\"");

  private Path parent;
  private String record;

  @BeforeEach
  void prepare(@TempDir Path folder) throws Exception {
    ScratchHome scratch = new ScratchHome(Files.createDirectory(folder.resolve("home")));
    scratch.inbox.prepare();
    Path accepted = scratch.accept("batch_name: nightly\n" + FixedRules.BASE).folder();
    record = Files.readString(accepted.resolve(BatchFolder.RECORD));
    parent = folder.resolve("nightly");
  }

  @Test
  void ordersBatchesOfTheHourThatTheClocksGoThroughTwice() throws IOException {
    // given: on that night of Berlin it is twice between two and three
    Path before = batch("20261025_015959", "2026-10-25T01:59:59+02:00");
    Path summer = batch("20261025_023000", "2026-10-25T02:30:00+02:00");
    Path winter = batch("20261025_021000", "2026-10-25T02:10:00+01:00");
    Path after = batch("20261025_030000", "2026-10-25T03:00:00+01:00");

    // then
    assertThat(newestFirst("Europe/Berlin", before, summer, winter, after))
        .containsExactly(after, winter, summer, before);
  }

  @Test
  void ordersABatchOfAnotherZoneInTheHourThatTheClocksSkip() throws IOException {
    // given: that night has no hour between two and three in Berlin
    Path utc = batch("20260329_023000", "2026-03-29T02:30:00+00:00");
    Path before = batch("20260329_015959", "2026-03-29T01:59:59+01:00");
    Path after = batch("20260329_031000", "2026-03-29T03:10:00+02:00");

    // then
    assertThat(newestFirst("Europe/Berlin", utc, before, after))
        .containsExactly(utc, after, before);
  }

  @Test
  void ordersBatchesOfOneSecondByWhenTheyWereAccepted() throws IOException {
    // given
    Path first = batch("20261124_140254_10", "2026-11-24T14:02:54.1+01:00");
    Path second = batch("20261124_140254_2", "2026-11-24T14:02:54.2+01:00");
    Path later = batch("20261124_140255", "2026-11-24T14:02:55+01:00");

    // then
    assertThat(newestFirst("UTC", first, second, later)).containsExactly(later, second, first);
  }

  @Test
  void ordersByNameWhatCannotBeRead() throws IOException {
    // given
    Path second = batch("20261124_140254_2", "soon");
    Path tenth = batch("20261124_140254_10", "soon");
    Path named = batch("kept", "2026-11-24T14:02:54+01:00");
    Path twice = batch("20261025_023000", "soon");

    // then
    assertThat(newestFirst("Europe/Berlin", second, tenth, named, twice))
        .containsExactly(named, tenth, second, twice);
  }

  @Test
  void ordersARenamedFolderByWhenItsBatchWasAccepted() throws IOException {
    // given
    Path first = batch("20261124_140254", "2026-11-24T14:02:54+01:00");
    Path renamed = batch("good-one", "2026-11-25T14:02:54+01:00");
    Path last = batch("20261126_140254", "2026-11-26T14:02:54+01:00");
    Path unknown = batch("zzz", "soon");

    // then
    assertThat(newestFirst("Europe/Berlin", unknown, renamed, first, last))
        .containsExactly(last, renamed, first, unknown);
  }

  private Path batch(String name, String acceptedAt) throws IOException {
    Path folder = Files.createDirectories(parent.resolve(name));
    Files.writeString(
        folder.resolve(BatchFolder.RECORD),
        ACCEPTED.matcher(record).replaceFirst("$1\"" + acceptedAt + "\""));
    return folder;
  }

  private static List<Path> newestFirst(String zone, Path... folders) {
    return new NewestFirst(ZoneId.of(zone)).of(List.of(folders));
  }
}
