package dev.caravan.pipeline.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OneLineTest {

  @Test
  void removesTerminalEscapes() {
    assertThat(
            OneLine.line("a\u001b[2Jb\u001b]0;t\u0007c\u009b31md\r\ne\u202ef\u200bg\0h\ud800", 80))
        .isEqualTo("abc 31md efg h\ufffd");
  }

  @Test
  void leavesOtherTextUnchanged() {
    assertThat(OneLine.line("5,190× naïve 模型 🚀", 80)).isEqualTo("5,190× naïve 模型 🚀");
  }

  @Test
  void cutsBetweenCharactersWithAnEllipsis() {
    assertThat(OneLine.line("🚀🚀🚀🚀", 3)).isEqualTo("🚀🚀…");
    assertThat(OneLine.cut("abc", 3)).isEqualTo("abc");
    assertThat(OneLine.cut("abc", 0)).isEmpty();
  }

  @Test
  void formatsDurations() {
    assertThat(OneLine.duration(Duration.ofMillis(3_240))).isEqualTo("3.2 s");
    assertThat(OneLine.duration(Duration.ofSeconds(3_723))).isEqualTo("1 h 2 min 3 s");
    assertThat(OneLine.duration(Duration.ofSeconds(61))).isEqualTo("1 min 1 s");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 100, 0.0 %",
    "1, 100000, under 0.1 %",
    "25, 1000, 2.5 %",
    "997, 10000, 10 %",
    "9949, 10000, 99 %",
    "9970, 10000, 99.7 %",
    "99999, 100000, over 99.9 %",
    "7, 7, 100 %"
  })
  void saysOfNoPartThatItIsNothingOrAll(long part, long whole, String text) {
    assertThat(OneLine.share(part, whole)).isEqualTo(text);
  }
}
