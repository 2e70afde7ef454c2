package dev.caravan.config.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class NativeEncodingTest {

  private static final NativeEncoding UTF_8 = new NativeEncoding(List.of(StandardCharsets.UTF_8));
  private static final NativeEncoding ASCII =
      new NativeEncoding(List.of(StandardCharsets.UTF_8, StandardCharsets.US_ASCII));
  private static final NativeEncoding LATIN =
      new NativeEncoding(List.of(StandardCharsets.ISO_8859_1));

  @Test
  void passesWhatArrivesAsItIs() {
    assertThat(UTF_8.refusal("höflich 你好 😀")).isEmpty();
    assertThat(UTF_8.warning()).isEmpty();
    assertThat(ASCII.refusal("plain ?")).isEmpty();
  }

  @Test
  void refusesByNameWhatWouldArriveOtherwise() {
    assertThat(ASCII.refusal("h\u00f6flich"))
        .contains(
            "cannot be passed exactly: \"ö\" (U+00F6) does not pass in US-ASCII, the encoding of"
                + " this Java; start it with a UTF-8 locale, such as LC_ALL=C.UTF-8");
    assertThat(ASCII.refusal("😀").orElseThrow()).contains("\"😀\" (U+1F600)");
    assertThat(UTF_8.refusal("half \ud83d").orElseThrow()).contains("U+D83D");
  }

  @Test
  void takesOneByteEncodingsForNoUtf8() {
    assertThat(LATIN.refusal("ö").orElseThrow()).contains("ISO-8859-1");
    assertThat(LATIN.warning().orElseThrow()).contains("ISO-8859-1", "LC_ALL=C.UTF-8");
  }
}
