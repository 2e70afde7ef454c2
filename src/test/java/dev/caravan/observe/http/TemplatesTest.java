package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;

/** The variables of templates. */
class TemplatesTest {

  record Zone(String zone) {}

  record Named(String name, String zone) {}

  @Test
  void takesTheComponentsOfAllModels() {
    assertThat(Templates.variables(List.of(new Zone("UTC"), new ErrorPage.Message("gone"))))
        .containsOnlyKeys("zone", "message")
        .containsEntry("zone", "UTC");
  }

  @Test
  void refusesAModelThatHidesAValueOfAnother() {
    assertThatThrownBy(() -> Templates.variables(List.of(new Zone("a"), new Named("n", "b"))))
        .hasMessageContaining("hides another zone");
  }

  @Test
  void tellsBrowsersTheZoneOfThePageByItsId() {
    // given
    TimeZone before = TimeZone.getDefault();
    TimeZone.setDefault(TimeZone.getTimeZone("America/New_York"));
    try {
      // when
      Pages.Frame frame = new Pages.Frame("", "compare", "Compare", true);
      String page =
          Templates.render(
              "compare", List.of(new CompareApi.Limits(3, DisplayTime.zoneId()), frame));

      // then
      assertThat(page)
          .contains("data-zone=\"America/New_York\"")
          .containsPattern("times in America/New_York \\(UTC-0[45]:00\\)");
    } finally {
      TimeZone.setDefault(before);
    }
  }
}
