package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RealAiperf;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The extras that setup knows, and those of the real aiperf. */
class AiperfExtrasIT {

  @TempDir Path temp;

  @Test
  void knowsTheExtrasOfTheTestedAiperf() throws Exception {
    // given
    Path python = RealAiperf.ready(temp).resolveSibling("python");

    // when
    String printed =
        SetupProcess.query(
                List.of(python.toString(), "-c", AiperfVenv.EXTRAS_SCRIPT), System.getenv())
            .output();

    // then
    assertThat(printed.lines().collect(Collectors.toSet()))
        .isEqualTo(
            Requirement.TESTED_EXTRAS.stream()
                .map(extra -> "extra " + extra)
                .collect(Collectors.toSet()));
  }
}
