package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvenSampleTest {

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.01, 0.3, 0.5, 0.97, 1})
  void picksItsShareOfEveryHundred(double share) {
    // given
    EvenSample sample = new EvenSample(share, 0.37);

    // when
    List<Boolean> picked = IntStream.range(0, 1000).mapToObj(i -> sample.next()).toList();

    // then
    for (int from = 0; from < 1000; from += 100) {
      long count = picked.subList(from, from + 100).stream().filter(p -> p).count();
      assertThat((double) count).isBetween(100 * share - 1, 100 * share + 1);
    }
  }
}
