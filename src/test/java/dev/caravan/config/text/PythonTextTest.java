package dev.caravan.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The expected strings are those of Python 3.11's str(value). */
class PythonTextTest {

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0",
    "0.5, 0.5",
    "0.1, 0.1",
    "100.0, 100.0",
    "1e15, 1000000000000000.0",
    "1e16, 1e+16",
    "123456789012345680, 1.2345678901234568e+17",
    "0.0001, 0.0001",
    "0.00001, 1e-05",
    "1.5e-7, 1.5e-07",
    "2e-3, 0.002",
    "1e100, 1e+100",
    "1.7976931348623157e308, 1.7976931348623157e+308",
    "5e-324, 5e-324",
    "2.0000000000000004, 2.0000000000000004",
    "0.3, 0.3",
    "-2.5, -2.5",
    "0, 0.0",
    "9007199254740993, 9007199254740992.0",
    "2e23, 2e+23",
    "1.1e-5, 1.1e-05"
  })
  void formatsDoublesAsPython(double value, String text) {
    assertThat(PythonText.str(value)).isEqualTo(text);
    assertThat(Double.parseDouble(text)).isEqualTo(value);
  }

  @Test
  void formatsOtherValuesAsPython() {
    assertThat(PythonText.str(true)).isEqualTo("True");
    assertThat(PythonText.str(false)).isEqualTo("False");
    assertThat(PythonText.str(12L)).isEqualTo("12");
    assertThat(PythonText.str("a b")).isEqualTo("a b");
  }

  @Test
  void formatsWholeDoublesAsConfigsDo() {
    assertThat(PythonText.plain(4.0)).isEqualTo("4");
    assertThat(PythonText.plain(0.5)).isEqualTo("0.5");
    assertThat(PythonText.plain("4.0")).isEqualTo("4.0");
  }

  @Test
  void formatsCollectionsAsPython() {
    // given
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("concurrency", List.of(1L, 2L));
    map.put("model", List.of("a", "it's", "\"'", "b\\\n"));
    map.put("streaming", true);

    // when / then
    assertThat(PythonText.repr(map))
        .isEqualTo(
            "{'concurrency': [1, 2], 'model': ['a', \"it's\", '\"\\'', 'b\\\\\\n'], 'streaming': True}");
  }
}
