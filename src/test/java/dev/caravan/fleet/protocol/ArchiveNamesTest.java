package dev.caravan.fleet.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ArchiveNamesTest {

  private static final Path RUN = Path.of("/run");

  @Test
  @Timeout(60)
  void findsNamesForManyFilesWhoseOwnAreOddAndTooLong() {
    // given
    List<Path> files =
        IntStream.range(0, 5_000).mapToObj(n -> RUN.resolve("\n".repeat(90) + n)).toList();

    // when
    Map<String, Path> names = ArchiveNames.of(RUN, files);

    // then
    assertThat(names).hasSize(files.size());
    assertThat(names.keySet()).allMatch(ArchiveNames::isAllowed);
  }

  @Test
  void givesAnOddNameNoneThatAFolderHas() {
    // given
    List<Path> files = List.of(RUN.resolve("a\nb"), RUN.resolve("a%0Ab/c"));

    // then
    assertThat(ArchiveNames.of(RUN, files))
        .containsOnlyKeys("a%0Ab~2", "a%0Ab/c")
        .containsEntry("a%0Ab~2", files.get(0));
  }
}
