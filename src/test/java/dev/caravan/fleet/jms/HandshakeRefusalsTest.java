package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.CapturedLog;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a hub reads from the failure of a TLS handshake. */
class HandshakeRefusalsTest {

  @ParameterizedTest
  @CsvSource({
    "unknown_ca, it does not trust this broker",
    "bad_certificate, it does not trust this broker",
    "certificate_unknown, it does not trust this broker",
    "certificate_expired, it does not trust this broker",
    "handshake_failure, the TLS handshake failed",
    "protocol_version, the TLS handshake failed",
    "unsupported_certificate, the TLS handshake failed",
  })
  void doesNotTakeEveryAlertForDistrust(String alert, String why) {
    try (CapturedLog log = CapturedLog.of(Refusals.class)) {
      // when
      String message = "(" + alert + ") Received fatal alert: " + alert;
      new HandshakeRefusals().failed("10.0.0.7", new SSLHandshakeException(message));

      // then
      assertThat(log.lines())
          .containsExactly(
              "Refused 10.0.0.7: " + why + ": " + alert + ". Repetitions are not logged");
    }
  }

  @Test
  void tellsWhatACertificateSaysInOneShortLine() {
    try (CapturedLog log = CapturedLog.of(Refusals.class)) {
      // given
      String name = "CN=gpu\nINFO: all is well\u001b[2J" + "x".repeat(60_000);
      Exception failure = new SSLHandshakeException("refused");
      failure.initCause(new CertificateException("No trusted certificate of " + name));
      // when
      new HandshakeRefusals().failed("10.0.0.7", failure);
      // then
      assertThat(log.lines())
          .singleElement()
          .asString()
          .contains("No trusted certificate of CN=gpu INFO: all is well")
          .endsWith("…. Repetitions are not logged")
          .hasSizeLessThan(400)
          .doesNotContain("\n", "\u001b");
    }
  }

  @Test
  void namesAPeerThatHasLeft() {
    assertThat(HandshakeRefusals.peer(null)).isEqualTo("an unknown address");
  }

  @ParameterizedTest
  @CsvSource({
    "Empty client certificate chain, Empty client certificate chain",
    "(certificate_required) Empty client certificate chain, Empty client certificate chain",
    "(bad_certificate) Received fatal alert: bad_certificate, Received fatal alert: bad_certificate",
    "Signature does not match., Signature does not match",
    "(see below) No name, (see below) No name",
  })
  void readsTheMessagesOfAllReleasesOfJava(String message, String plain) {
    assertThat(HandshakeRefusals.plain(message)).isEqualTo(plain);
  }
}
