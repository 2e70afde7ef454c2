package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReplyTextTest {

  @ParameterizedTest
  @EnumSource(names = {"O200K_BASE", "CL100K_BASE"})
  void isOneTokenPerWord(EncodingType type) {
    // given
    Encoding encoding = Encodings.newDefaultEncodingRegistry().getEncoding(type);

    // when
    String text = IntStream.range(0, 200).mapToObj(ReplyText::word).collect(Collectors.joining());

    // then
    assertThat(encoding.countTokens(text)).isEqualTo(200);
  }
}
