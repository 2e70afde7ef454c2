package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.testing.CapturedLog;
import dev.caravan.testing.Fifo;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HomeIdTest {

  private final DurableFiles files = new DurableFiles();
  @TempDir private Path folder;

  @Test
  void staysWhenTheHomeIsMoved() throws IOException {
    // given
    Path before = Files.createDirectories(folder.resolve("before"));
    String id = HomeId.of(new Home(before), files);
    // when
    Path after = Files.move(before, folder.resolve("after"));
    // then
    assertThat(HomeId.of(new Home(after), files)).isEqualTo(id);
    assertThat(HomeId.of(new Home(after), files)).isEqualTo(id);
  }

  @Test
  void isThatOfTheProcessThatIsFirst() throws IOException {
    // given
    Home home = new Home(folder);
    List<String> first = new ArrayList<>();
    DurableFiles late =
        new DurableFiles() {
          @Override
          public boolean writeNew(Path file, byte[] content) throws IOException {
            first.add(HomeId.of(home, files));
            return super.writeNew(file, content);
          }

          @Override
          public void writeWhole(Path file, byte[] content) throws IOException {
            first.add(HomeId.of(home, files));
            super.writeWhole(file, content);
          }
        };
    // then
    assertThat(HomeId.of(home, late)).isEqualTo(first.get(0));
    assertThat(HomeId.of(home, files)).isEqualTo(first.get(0));
    assertThat(home.state().resolve("id.damaged")).doesNotExist();
  }

  @RepeatedTest(20)
  void isTheSameForProcessesThatStartAtTheSameTime() throws Exception {
    // given
    ExecutorService processes = Executors.newFixedThreadPool(4);
    CyclicBarrier start = new CyclicBarrier(4);
    Callable<String> process =
        () -> {
          start.await();
          return HomeId.of(new Home(folder), new DurableFiles());
        };
    // when
    Set<String> ids = new HashSet<>();
    for (Future<String> id : processes.invokeAll(Collections.nCopies(4, process))) {
      ids.add(id.get());
    }
    processes.shutdownNow();
    // then
    assertThat(ids).containsExactly(HomeId.of(new Home(folder), files));
  }

  @Test
  void changesInACopyOfTheHome() throws IOException {
    // given
    Path original = Files.createDirectories(folder.resolve("original"));
    String id = HomeId.of(new Home(original), files);
    Path copy = folder.resolve("copy");
    Files.createDirectories(copy.resolve(".caravan"));
    for (Path file : files.list(original.resolve(".caravan"))) {
      Files.copy(file, copy.resolve(".caravan").resolve(file.getFileName()));
    }
    // when
    String other = HomeId.of(new Home(copy), files);
    // then
    assertThat(other).isNotEqualTo(id);
    assertThat(HomeId.of(new Home(copy), files)).isEqualTo(other);
    assertThat(HomeId.of(new Home(original), files)).isEqualTo(id);
  }

  @Test
  void isTheSameThroughALinkToTheHome() throws IOException {
    // given
    Path home = Files.createDirectories(folder.resolve("home"));
    String id = HomeId.of(new Home(home), files);
    Path link = Files.createSymbolicLink(folder.resolve("link"), home);
    // then
    assertThat(HomeId.of(new Home(link), files)).isEqualTo(id);
    assertThat(HomeId.of(new Home(home), files)).isEqualTo(id);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"missing", "empty", "cut", "garbage", "a folder", "a link", "a FIFO", "huge"})
  void staysWhenItsFileIsDamaged(String kind) throws Exception {
    // given
    Home home = new Home(folder);
    String id = HomeId.of(home, files);
    // when
    damage(folder.resolve(".caravan/id"), kind);
    // then
    assertThat(HomeId.of(home, files)).isEqualTo(id);
    assertThat(folder.resolve(".caravan/id")).isRegularFile().hasContent(id);
    assertThat(Files.exists(folder.resolve(".caravan/id.damaged"), LinkOption.NOFOLLOW_LINKS))
        .isEqualTo(!kind.equals("missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "place"})
  void staysWhenAFileCannotBeRead(String name) throws Exception {
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    // given
    Home home = new Home(folder);
    String id = HomeId.of(home, files);
    Path file = folder.resolve(".caravan").resolve(name);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    // when
    assertThatThrownBy(() -> HomeId.of(home, files)).isInstanceOf(AccessDeniedException.class);
    // then
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    assertThat(HomeId.of(home, files)).isEqualTo(id);
    assertThat(files.list(home.state())).hasSize(2);
  }

  @Test
  void keepsTheBadIdWhenItIsNew() throws Exception {
    // given
    Home home = new Home(folder);
    files.createDirectories(home.state());
    Files.writeString(folder.resolve(".caravan/id"), "an id of other make");
    // when
    HomeId.of(home, files);
    // then
    assertThat(folder.resolve(".caravan/id.damaged")).hasContent("an id of other make");
  }

  @ParameterizedTest
  @ValueSource(strings = {"empty", "garbage", "a folder", "a FIFO"})
  void isNewWhenBothFilesAreDamaged(String kind) throws Exception {
    // given
    Home home = new Home(folder);
    String id = HomeId.of(home, files);
    damage(folder.resolve(".caravan/id"), kind);
    damage(folder.resolve(".caravan/place"), kind);
    // when
    String other;
    try (CapturedLog log = CapturedLog.of(HomeId.class)) {
      other = HomeId.of(home, files);
      HomeId.of(home, files);
      // then
      assertThat(log.lines()).hasSize(1);
      assertThat(log.lines().get(0)).contains("earlier batches are not resumed");
    }
    assertThat(other).isNotEqualTo(id).hasSize(36);
    assertThat(HomeId.of(home, files)).isEqualTo(other);
  }

  @Test
  void changesInACopyWithoutTheFile() throws Exception {
    // given
    Path original = Files.createDirectories(folder.resolve("original"));
    String id = HomeId.of(new Home(original), files);
    Path copy = Files.createDirectories(folder.resolve("copy/.caravan"));
    Files.copy(original.resolve(".caravan/place"), copy.resolve("place"));
    // then
    assertThat(HomeId.of(new Home(copy.getParent()), files)).isNotEqualTo(id);
  }

  private void damage(Path file, String kind) throws Exception {
    String whole = Files.readString(file);
    files.delete(file);
    switch (kind) {
      case "missing" -> {}
      case "empty" -> Files.createFile(file);
      case "cut" -> Files.writeString(file, whole.substring(0, 20));
      case "garbage" -> Files.write(file, new byte[] {0, -1, 7, 10, 0});
      case "a folder" -> Files.createDirectories(file.resolve("below"));
      case "a link" -> Files.createSymbolicLink(file, Path.of("nowhere"));
      case "a FIFO" -> Fifo.create(file);
      default -> Files.writeString(file, "x".repeat(1 << 20));
    }
  }
}
