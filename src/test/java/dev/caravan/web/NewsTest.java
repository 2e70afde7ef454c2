package dev.caravan.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NewsTest {

  private final News news = new News();

  private static List<String> types(List<News.Item> items) {
    return items.stream().map(News.Item::type).toList();
  }

  @Test
  void tellsEachListenerUntilItStops() {
    // given
    List<News.Item> told = new ArrayList<>();
    Runnable stop = news.listen(told::add);

    // when
    news.tell("one", Map.of("words", "a\nb"));
    stop.run();
    news.tell("two", Map.of());

    // then
    assertThat(types(told)).containsExactly("one");
    assertThat(told.get(0).data()).doesNotContain("\n").contains("\"words\" : \"a\\nb\"");
    assertThat(news.listeners()).isZero();
  }

  @Test
  void keepsWhatCameAfterAnIdAndKnowsWhichItHasForgotten() {
    // given
    String first = news.newest();
    news.tell("one", Map.of());
    String one = news.newest();
    news.tell("two", Map.of());

    // then
    assertThat(types(news.after(first).orElseThrow())).containsExactly("one", "two");
    assertThat(types(news.after(one).orElseThrow())).containsExactly("two");
    assertThat(news.after(news.newest()).orElseThrow()).isEmpty();
    assertThat(news.after("of another life-1")).isEmpty();

    // when
    for (int count = 0; count < 1000; count++) {
      news.tell("more", Map.of());
    }

    // then
    assertThat(news.after(one)).isEmpty();
  }
}
