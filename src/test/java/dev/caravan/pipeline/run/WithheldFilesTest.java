package dev.caravan.pipeline.run;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.pipeline.outcome.ProcessResult;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.SecretStore;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of attempts that were killed before they were masked, when their key has changed. */
class WithheldFilesTest {

  private static final String VARIABLE = "SET_API_KEY";
  private static final Map<String, String> NEW_KEY = Map.of(VARIABLE, "sk-another-9876543210");

  @TempDir private Path folder;
  private Run run;

  @BeforeEach
  void killCaravan() throws Exception {
    try (RunStageFixture killed = RunStageFixture.in(folder)) {
      run =
          killed
              .accept(
                  RunStageFixture.BASE
                      + "  api_key_env_var: SET_API_KEY\nsweeps: {concurrency: [1]}\n")
              .run(0);
      killed.runs.prepare(killed.runs.take(RunStageFixture.order(run)));
    }
    write("stdout.log", "Bearer " + ScratchHome.KEY + "\n");
    write("logs/aiperf.log", "sent " + ScratchHome.KEY);
    write("key-" + ScratchHome.KEY + ".txt", "named");
    write("profile_export.jsonl", "{}");
    write("attempts/7/stray.txt", ScratchHome.KEY);
  }

  private void write(String name, String text) throws IOException {
    Path file = run.folder().resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void withholdsWhatANewKeyCannotMask() throws Exception {
    // when
    executeWith(NEW_KEY);

    // then
    assertThat(RunStageFixture.head(run).status()).isEqualTo(Outcome.SUCCEEDED);
    assertThat(outsideOfWithheld()).isNotEmpty().noneMatch(WithheldFilesTest::holdsTheKey);
    assertThat(attempt().resolve(".withheld/stdout.log")).content().contains(ScratchHome.KEY);
    assertThat(
            PosixFilePermissions.toString(
                Files.getPosixFilePermissions(attempt().resolve(".withheld"))))
        .isEqualTo("rwx------");
    assertThat(ProcessResult.head(attempt().resolve("process_result.json")).orElseThrow().reasons())
        .anyMatch(reason -> reason.contains("withheld") && reason.contains(VARIABLE));
    assertThat(withheld().all())
        .extracting(WithheldFiles.Withheld::folder)
        .containsExactly(attempt());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "{}", "null"})
  void withholdsWhenItsNoteIsDamaged(String note) throws Exception {
    // given
    Path notes = folder.toRealPath().resolve(".caravan/unmasked");
    Files.writeString(notes.resolve(names(notes).get(0)), note);

    // when
    executeWith(Map.of(VARIABLE, ScratchHome.KEY));

    // then
    assertThat(outsideOfWithheld()).noneMatch(WithheldFilesTest::holdsTheKey);
    assertThat(withheld().all()).hasSize(1);
  }

  @Test
  void masksFilesBesideAFolderOfThatNameThatAiperfMade() throws Exception {
    // given
    write(".withheld/notes.txt", "sent " + ScratchHome.KEY);

    // when
    executeWith(Map.of(VARIABLE, ScratchHome.KEY));

    // then
    assertThat(attempt().resolve("stdout.log")).content().doesNotContain(ScratchHome.KEY);
    assertThat(attempt().resolve(".withheld/notes.txt")).content().doesNotContain(ScratchHome.KEY);
  }

  @Test
  void withholdsNothingThroughALinkOfThatName(@TempDir Path outside) throws Exception {
    // given
    Files.createSymbolicLink(run.folder().resolve(".withheld"), outside);

    // when
    executeWith(NEW_KEY);

    // then
    assertThat(outside).isEmptyDirectory();
    assertThat(attempt().resolve(".withheld/stdout.log")).content().contains(ScratchHome.KEY);
    assertThat(outsideOfWithheld()).noneMatch(WithheldFilesTest::holdsTheKey);
  }

  @Test
  void withholdsWhenTheSecretOfTheHomeIsGone() throws Exception {
    // given
    Files.delete(folder.resolve(".caravan/secret"));

    // when
    executeWith(NEW_KEY);

    // then
    assertThat(outsideOfWithheld()).noneMatch(WithheldFilesTest::holdsTheKey);
  }

  @Test
  void notesTheKeyWithoutShowingIt() throws Exception {
    // then
    Path state = folder.toRealPath().resolve(".caravan");
    List<Path> files = List.of(state.resolve("secret"), note());
    for (Path file : files) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
      assertThat(file).content().doesNotContain(ScratchHome.KEY);
    }
  }

  @Test
  void removesTheNoteOfAnAttemptThatIsMasked() throws Exception {
    // when
    executeWith(Map.of(VARIABLE, ScratchHome.KEY));

    // then
    assertThat(names(folder.resolve(".caravan/unmasked"))).isEmpty();
    assertThat(withheld().all()).isEmpty();
    assertThat(attempt().resolve("stdout.log")).hasContent("Bearer ********");
  }

  @Test
  void releasesNothingBeforeTheOldKeyIsSetAgain() throws Exception {
    // given
    executeWith(NEW_KEY);

    // then
    assertThat(release(NEW_KEY, false)).isEmpty();
    assertThat(release(Map.of(), false)).isEmpty();
    assertThat(outsideOfWithheld()).noneMatch(WithheldFilesTest::holdsTheKey);

    // when
    List<WithheldFiles.Withheld> released = release(Map.of(VARIABLE, ScratchHome.KEY), false);

    // then
    assertThat(released).hasSize(1);
    assertThat(withheld().all()).isEmpty();
    assertThat(attempt().resolve(".withheld")).doesNotExist();
    assertThat(attempt().resolve("stdout.log")).hasContent("Bearer ********");
    assertThat(outsideOfWithheld()).noneMatch(WithheldFilesTest::holdsTheKey);
    assertThat(names(attempt()))
        .contains("key-********.txt", "superseded_requests.jsonl", "logs", "7");
  }

  @Test
  void releasesFilesAsTheyAreForAnOwnerWhoSaysSo() throws Exception {
    // given
    executeWith(NEW_KEY);

    // when
    release(Map.of(), true);

    // then
    assertThat(attempt().resolve("stdout.log")).content().contains(ScratchHome.KEY);
    assertThat(withheld().all()).isEmpty();
  }

  private void executeWith(Map<String, String> keys) throws Exception {
    try (RunStageFixture next = RunStageFixture.withKeys(folder, keys)) {
      next.execute(run);
    }
  }

  private List<WithheldFiles.Withheld> release(Map<String, String> keys, boolean unmasked)
      throws IOException {
    ScratchHome home = new ScratchHome(folder);
    SecretStore store = new SecretStore(home.home, keys);
    return withheld().release(new KeyNotes(home.home, home.files, store), unmasked);
  }

  private WithheldFiles withheld() throws IOException {
    return new WithheldFiles(new ScratchHome(folder).home, new DurableFiles());
  }

  private Path attempt() {
    return run.folder().resolve("attempts/1");
  }

  private Path note() throws IOException {
    Path notes = folder.toRealPath().resolve(".caravan/unmasked");
    return notes.resolve(names(notes).get(0));
  }

  private List<Path> outsideOfWithheld() throws IOException {
    try (Stream<Path> all = Files.walk(run.batch().folder())) {
      return all.filter(path -> !path.toString().contains("/.withheld")).toList();
    }
  }

  private static boolean holdsTheKey(Path path) {
    try {
      return path.getFileName().toString().contains(ScratchHome.KEY)
          || Files.isRegularFile(path) && Files.readString(path).contains(ScratchHome.KEY);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
