package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.ScratchHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InboxTest {

  @TempDir private Path folder;
  private ScratchHome scratch;

  @BeforeEach
  void setUp() throws IOException {
    scratch = new ScratchHome(folder);
  }

  @Test
  void claimsAConfigByMovingIt() throws IOException {
    // when
    Claim claim = scratch.claim("a__b.yaml", "text");
    // then
    assertThat(claim.name()).isEqualTo("a__b.yaml");
    assertThat(claim.file()).hasContent("text").hasFileName(claim.id() + "__a__b.yaml");
    assertThat(names(scratch.home.inbox()))
        .containsExactly(".claimed", ".dead", ".done", ".failed");
  }

  @Test
  void leavesNoClaimWhenTheFileIsGone() throws IOException {
    // when
    String gone = scratch.home.inbox() + "/gone.yaml";
    assertThatThrownBy(() -> scratch.inbox.claim(gone))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessage(gone);
    // then
    assertThat(scratch.inbox.unfinished()).isEmpty();
  }

  @Test
  void findsClaimsOfAPreviousProcessButNotThoseInProgress() throws IOException {
    // given
    Claim claim = scratch.claim("a.yaml", "text");
    Files.createDirectories(scratch.home.claimed().resolve("folder"));
    // then
    assertThat(scratch.inbox.unfinished()).isEmpty();
    Inbox restarted = new ScratchHome(folder).inbox;
    assertThat(restarted.unfinished()).containsExactly(claim);
    assertThat(restarted.unfinished()).isEmpty();
  }

  @Test
  void findsAPostponedConfigAgain() throws IOException {
    // given
    Claim claim = scratch.claim("a.yaml", "text");
    // when
    scratch.inbox.postpone(claim, new IOException("no space left on device"));
    // then
    assertThat(scratch.inbox.unfinished()).containsExactly(claim);
  }

  @Test
  void saysWhatSettingsLackInTheirOwnWords() throws IOException {
    // given
    Claim claim = scratch.claim("a.yaml", "text");
    try (CapturedLog log = CapturedLog.of(Inbox.class)) {
      // when
      scratch.inbox.postpone(claim, new SettingsRefusedException("keys.env: chmod 600 keys.env"));
      // then
      assertThat(log.lines())
          .containsExactly("Cannot accept a.yaml now; will retry: keys.env: chmod 600 keys.env");
    }
  }

  @Test
  void keepsAllConfigsOfTheSameName() throws IOException {
    // when
    for (String text : List.of("one", "two", "three")) {
      scratch.inbox.archive(scratch.claim("a.b.yaml", text));
    }
    // then
    assertThat(scratch.home.done().resolve("a.b.yaml")).hasContent("one");
    assertThat(scratch.home.done().resolve("a.b_2.yaml")).hasContent("two");
    assertThat(scratch.home.done().resolve("a.b_3.yaml")).hasContent("three");
    assertThat(names(scratch.home.claimed())).isEmpty();
  }

  @Test
  void saysOnceThatTheInboxIsGoneAndOnceThatItIsBack() throws IOException {
    // given
    Path inbox = scratch.home.inbox();
    Path elsewhere = inbox.resolveSibling("elsewhere");
    try (CapturedLog log = CapturedLog.of(Inbox.class)) {
      // when
      polls(false);
      Files.move(inbox, elsewhere);
      polls(false);
      Files.createFile(inbox);
      polls(false);
      Files.delete(inbox);
      Files.createSymbolicLink(inbox, inbox);
      polls(false);
      assertThat(scratch.inbox.trouble()).isPresent();
      Files.delete(inbox);
      Files.move(elsewhere, inbox);
      scratch.drop("a.yaml", "text");
      polls(true);
      // then
      assertThat(scratch.inbox.trouble()).isEmpty();
      assertThat(log.lines()).hasSize(4);
      assertThat(log.lines().get(0))
          .isEqualTo("No config is accepted, cannot read inbox: there is no such folder");
      assertThat(log.lines().get(1)).endsWith("cannot read inbox: it is not a folder");
      assertThat(log.lines().get(2)).contains("cannot read inbox: ");
      assertThat(log.lines().get(3)).isEqualTo("inbox can be read again");
    }
  }

  private void polls(boolean found) {
    for (int poll = 0; poll < 20; poll++) {
      assertThat(scratch.inbox.hasConfigs()).isEqualTo(found);
    }
  }

  @Test
  void makesItsFoldersAgain() throws IOException {
    // given
    ConfigRefusedException refused =
        new ConfigRefusedException("a.yaml", List.of(new Problem(0, 0, "", "wrong")));
    for (Path gone : List.of(scratch.home.claimed(), scratch.home.done(), scratch.home.failed())) {
      scratch.files.delete(gone);
    }
    // when
    scratch.inbox.archive(scratch.claim("a.yaml", "one"));
    scratch.inbox.refuse(scratch.claim("b.yaml", "two"), refused);
    // then
    assertThat(names(scratch.home.done())).containsExactly("a.yaml");
    assertThat(names(scratch.home.failed())).containsExactly("b.yaml", "b.yaml.problems.txt");
  }

  @Test
  void writesTheProblemsBesideARefusedConfig() throws IOException {
    // given
    ConfigRefusedException refused =
        new ConfigRefusedException("a.yaml", List.of(new Problem(3, 5, "x", "wrong")));
    // when
    scratch.inbox.refuse(scratch.claim("a.yaml", "one"), refused);
    scratch.inbox.refuse(scratch.claim("a.yaml", "two"), refused);
    // then
    assertThat(scratch.home.failed().resolve("a.yaml.problems.txt"))
        .hasContent("a.yaml:3:5: x: wrong");
    assertThat(scratch.home.failed().resolve("a_2.yaml.problems.txt")).exists();
    assertThat(scratch.home.failed().resolve("a_2.yaml")).hasContent("two");
    assertThat(names(scratch.home.claimed())).isEmpty();
  }

  @Test
  void findsAClaimWhoseMoveReportedAnErrorButHappened() throws IOException {
    // given
    Inbox onBadDisk = new Inbox(scratch.home, new FailingDisk());
    // when
    assertThatThrownBy(() -> onBadDisk.claim(scratch.drop("a.yaml", "text").toString()))
        .hasMessageContaining("Input/output error");
    // then
    assertThat(onBadDisk.unfinished()).extracting(Claim::name).containsExactly("a.yaml");
  }

  @Test
  void findsAConfigAgainThatItCouldNotRefuse() throws IOException {
    // given
    Inbox onBadDisk = new Inbox(scratch.home, new FailingDisk());
    scratch.claim("a.yaml", "text");
    Claim claim = onBadDisk.unfinished().get(0);
    ConfigRefusedException refused =
        new ConfigRefusedException("a.yaml", List.of(new Problem(0, 0, "", "is no config")));
    try (CapturedLog log = CapturedLog.of(Inbox.class)) {
      // when
      onBadDisk.refuse(claim, refused);
      // then
      assertThat(onBadDisk.unfinished()).containsExactly(claim);
      // when: it is tried again
      onBadDisk.refuse(claim, refused);
      // then
      assertThat(log.lines())
          .containsExactly(
              "Cannot accept a.yaml now; will retry: java.io.IOException: No space left on device");
    }
  }

  /** Moves files but reports an error; its writes really fail. */
  private static final class FailingDisk extends DurableFiles {
    @Override
    public void move(Path from, Path to) throws IOException {
      super.move(from, to);
      throw new IOException("Input/output error");
    }

    @Override
    public void writeWhole(Path file, byte[] content) throws IOException {
      throw new IOException("No space left on device");
    }
  }
}
