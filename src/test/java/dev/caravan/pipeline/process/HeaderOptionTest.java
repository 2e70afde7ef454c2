package dev.caravan.pipeline.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeaderOptionTest {

  @Test
  void readsPairsAndObjectsAsAiperfDoes() {
    // when
    Map<String, String> headers =
        HeaderOption.read(
            List.of(
                "X-Lab: 1",
                "A:b:c,D: e",
                "{\"Authorization\": \"Basic a,b:c=\", \"n\": 7, \"list\": [1]}"));

    // then
    assertThat(headers)
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "X-Lab", "1",
                "A", "b:c",
                "D", "e",
                "Authorization", "Basic a,b:c=",
                "n", "7",
                "list", "[1]"));
  }

  @Test
  void leavesOutWhatAiperfRefuses() {
    assertThat(HeaderOption.read(List.of("no colon", "{not json", "", "[1]"))).isEmpty();
  }
}
