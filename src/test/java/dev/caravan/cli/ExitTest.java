package dev.caravan.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitTest {

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 1, 1", "0, 4, 4", "1, 4, 1", "2, 4, 2", "1, 2, 2", "4, 130, 130"})
  void whatNoiseLeavesOpenHidesNoFailure(int one, int other, int worse) {
    assertThat(Exit.worse(one, other)).isEqualTo(worse);
    assertThat(Exit.worse(other, one)).isEqualTo(worse);
  }
}
