package dev.caravan.observe.retention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytesTest {

  @ParameterizedTest
  @CsvSource({
    "0,0 bytes",
    "1,1 byte",
    "999,999 bytes",
    "1000,1.0 kB",
    "999950,1.0 MB",
    "12345678,12.3 MB",
    "2500000000,2.5 GB",
    "-4096,-4.1 kB"
  })
  void usesTheUnitThatIsEasyToRead(long bytes, String text) {
    assertThat(Bytes.text(bytes)).isEqualTo(text);
  }
}
