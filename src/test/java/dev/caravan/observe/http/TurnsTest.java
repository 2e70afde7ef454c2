package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class TurnsTest {

  private static final HttpResponse DONE = HttpResponse.html(200, "done");

  private final Turns turns = new Turns(Turns.OF_A_PAGE);

  @Test
  void letsFewWaitAndRefusesTheNextAtOnce() throws Exception {
    // given: one that takes its time, and three that wait for it
    CountDownLatch end = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    ExecutorService clients = Executors.newFixedThreadPool(4);
    try {
      List<Future<HttpResponse>> answers = new ArrayList<>();
      answers.add(
          clients.submit(
              () ->
                  turns.take(
                      () -> {
                        begun.countDown();
                        end.await();
                        return DONE;
                      })));
      begun.await();
      for (int client = 0; client < 3; client++) {
        answers.add(clients.submit(() -> turns.take(() -> DONE)));
      }
      Awaitility.await().until(() -> turns.waiting() == 3);

      // then
      assertThatThrownBy(() -> turns.take(() -> DONE))
          .isInstanceOfSatisfying(
              HttpProblemException.class, e -> assertThat(e.status()).isEqualTo(503));

      // when
      end.countDown();

      // then
      for (Future<HttpResponse> answer : answers) {
        assertThat(answer.get()).isEqualTo(DONE);
      }
    } finally {
      end.countDown();
      clients.shutdownNow();
    }
  }
}
