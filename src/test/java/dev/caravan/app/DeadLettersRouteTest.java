package dev.caravan.app;

import static dev.caravan.testing.ScratchHome.names;
import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.pipeline.run.InvalidRunOrderException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;

class DeadLettersRouteTest extends RouteTest {

  @Override
  List<String> files() {
    return List.of("dead-letters");
  }

  @Override
  List<String> mocked() {
    return List.of();
  }

  @Test
  void keepsTheMessageUnchangedWithItsCause() throws Exception {
    // when
    Exchange done = send("what came", "what became of it since");
    // then
    assertThat(done.isFailed()).isFalse();
    List<String> kept = names(home.dead());
    assertThat(kept).hasSize(2);
    assertThat(home.dead().resolve(kept.get(0))).hasContent("what came");
    assertThat(home.dead().resolve(kept.get(1)))
        .hasContent(InvalidRunOrderException.class.getName() + ": x");
  }

  @Test
  void doesNotThrowWhenTheDiskIsFull() throws IOException {
    // given
    Files.delete(home.dead());
    Files.writeString(home.dead(), "a file where the folder should be");
    // when
    Exchange done = send("what came", "");
    // then
    assertThat(done.isFailed()).isFalse();
    assertThat(done.getException()).isNull();
  }

  private Exchange send(String order, String body) {
    return template.send(
        "direct:dead-letters-keep",
        exchange -> {
          exchange.setVariable("message", order);
          exchange.setProperty(Exchange.EXCEPTION_CAUGHT, new InvalidRunOrderException("x"));
          exchange.getMessage().setBody(body);
        });
  }
}
