package dev.caravan.pipeline.accept;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
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
  private ScratchHome life;

  @BeforeEach
  void begin() throws IOException {
    life = new ScratchHome(folder);
  }

  @Test
  void claimsByMovingTheFileOutOfSight() throws IOException {
    // when
    Claim claim = life.claim("a__b.yaml", "text");
    // then
    assertThat(claim.name()).isEqualTo("a__b.yaml");
    assertThat(claim.file()).hasContent("text").hasFileName(claim.id() + "__a__b.yaml");
    assertThat(names(life.home.inbox())).containsExactly(".claimed", ".dead", ".done", ".failed");
  }

  @Test
  void claimsAFileThatIsGoneByThenWithoutATrace() throws IOException {
    // when
    assertThatThrownBy(() -> life.inbox.claim(life.home.inbox() + "/gone.yaml"))
        .isInstanceOf(NoSuchFileException.class);
    // then
    assertThat(life.inbox.left()).isEmpty();
  }

  @Test
  void leavesAloneWhatIsInHandAndFindsWhatAnEarlierLifeLeft() throws IOException {
    // given
    Claim claim = life.claim("a.yaml", "text");
    Files.createDirectories(life.home.claimed().resolve("folder"));
    // then
    assertThat(life.inbox.left()).isEmpty();
    Inbox nextLife = new ScratchHome(folder).inbox;
    assertThat(nextLife.left()).containsExactly(claim);
    assertThat(nextLife.left()).isEmpty();
  }

  @Test
  void findsAPostponedConfigAgain() throws IOException {
    // given
    Claim claim = life.claim("a.yaml", "text");
    // when
    life.inbox.postpone(claim, new IOException("no space left on device"));
    // then
    assertThat(life.inbox.left()).containsExactly(claim);
  }

  @Test
  void keepsEveryConfigThatCameUnderTheSameName() throws IOException {
    // when
    for (String text : List.of("one", "two", "three")) {
      life.inbox.archive(life.claim("a.b.yaml", text));
    }
    // then
    assertThat(life.home.done().resolve("a.b.yaml")).hasContent("one");
    assertThat(life.home.done().resolve("a.b_2.yaml")).hasContent("two");
    assertThat(life.home.done().resolve("a.b_3.yaml")).hasContent("three");
    assertThat(names(life.home.claimed())).isEmpty();
  }

  @Test
  void putsTheProblemsBesideARefusedConfig() throws IOException {
    // given
    ConfigRefusedException refused =
        new ConfigRefusedException("a.yaml", List.of(new Problem(3, 5, "x", "wrong")));
    // when
    Path first = life.inbox.refuse(life.claim("a.yaml", "one"), refused);
    Path second = life.inbox.refuse(life.claim("a.yaml", "two"), refused);
    // then
    assertThat(first).hasFileName("a.yaml.problems.txt").hasContent("a.yaml:3:5: x: wrong");
    assertThat(second).hasFileName("a_2.yaml.problems.txt");
    assertThat(life.home.failed().resolve("a_2.yaml")).hasContent("two");
    assertThat(names(life.home.claimed())).isEmpty();
  }

  @Test
  void findsAgainWhatAFailingDiskClaimedAndSaidItHadNot() throws IOException {
    // given
    Inbox onBadDisk = new Inbox(life.home, new SaysItFailed());
    // when
    assertThatThrownBy(() -> onBadDisk.claim(life.drop("a.yaml", "text").toString()))
        .hasMessage("Input/output error");
    // then
    assertThat(onBadDisk.left()).extracting(Claim::name).containsExactly("a.yaml");
  }

  @Test
  void findsAgainWhatItCouldNotRefuse() throws IOException {
    // given
    Inbox onBadDisk = new Inbox(life.home, new SaysItFailed());
    life.claim("a.yaml", "text");
    Claim claim = onBadDisk.left().get(0);
    ConfigRefusedException refused =
        new ConfigRefusedException("a.yaml", List.of(new Problem(0, 0, "", "is no config")));
    // when
    assertThatThrownBy(() -> onBadDisk.refuse(claim, refused)).isInstanceOf(IOException.class);
    // then
    assertThat(onBadDisk.left()).containsExactly(claim);
  }

  /** Does what it is told and says that it could not; its writes really fail. */
  private static final class SaysItFailed extends DurableFiles {
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
