package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.jms.BrokerConnections;
import dev.caravan.testing.CapturedLog;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageFormatException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.ErrorHandler;

/** What is logged of the errors of routes. */
class RouteErrorLoggerTest {

  private final CapturedLog log = CapturedLog.of(RouteErrorLogger.class);

  @AfterEach
  void close() {
    log.close();
  }

  static Stream<Exception> refusals() {
    return Stream.of(
        new IOException("No space left on device"),
        new JMSSecurityException("User: ci does not have permission='SEND'"),
        new IOException("could not send a file", new JMSSecurityException("no permission")),
        new MessageFormatException("no such conversion"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void logsWhatIsRefusedOnceInOneLine(Exception refusal) {
    // given
    RouteErrorLogger logger = new RouteErrorLogger();

    // when
    logger.logUnlessBroker("some-route", refusal);
    logger.logUnlessBroker("some-route", refusal);

    // then
    assertThat(log.lines()).filteredOn(l -> l.equals("some-route: " + refusal)).hasSize(1);
    assertThat(log.levels()).containsOnlyOnce(Level.ERROR);
    assertThat(log.traces()).isEmpty();
  }

  @Test
  void printsTheStackTraceOfWhatOnlyADefectExplains() {
    // when
    new RouteErrorLogger().logUnlessBroker("some-route", new IllegalStateException("broken"));

    // then
    assertThat(log.traces()).hasSize(1);
  }

  static Stream<Exception> quotesOfUrls() {
    return Stream.of(
        new HttpOperationFailedException("https://h/secret", 404, "", "", Map.of(), ""),
        new IOException("https://h/secret is unreachable"),
        new IllegalStateException("failed", new RuntimeException("http://u:secret@h?k=secret")),
        new IllegalStateException("http://u:p@secret@h"),
        new IOException("sftp://u:secret@h is unreachable"));
  }

  /** The path of many webhooks is a secret, and so are user and query. */
  @ParameterizedTest
  @MethodSource("quotesOfUrls")
  void quotesNoUrl(Exception failure) {
    // when
    new RouteErrorLogger().log("some-route", failure);

    // then
    assertThat(log.lines()).singleElement().asString().doesNotContain("secret");
    assertThat(log.traces()).isEmpty();
  }

  /**
   * An outage of the broker is reported elsewhere; Camel printed a stack trace for each listener.
   */
  @Test
  void appliesToTheListenersOfTheBroker(@TempDir Path folder) throws Exception {
    // given
    Settings settings =
        Settings.of(folder, Map.of("CARAVAN_BROKER", "tcp://127.0.0.1:1"), new Properties());
    try (BrokerConnections connections = BrokerConnections.open(settings)) {
      ErrorHandler listeners = BrokerComponent.of(connections).getErrorHandler();

      // when
      listeners.handleError(new JMSException("AMQ219010: Connection is destroyed"));

      // then
      assertThat(log.levels()).doesNotContain(Level.ERROR, Level.WARN);

      // when
      listeners.handleError(new IOException("No space left on device"));

      // then
      assertThat(log.lines())
          .contains(
              "Could not handle a message; the broker delivers it again: java.io.IOException: No"
                  + " space left on device");
    }
    assertThat(log.traces()).isEmpty();
  }
}
