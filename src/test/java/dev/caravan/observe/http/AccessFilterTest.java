package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AccessFilterTest {

  private static final String TOKEN = "0123456789abcdef0123";

  private Instant now = Instant.parse("2026-11-24T20:00:00Z");
  private final Session session = new Session(TOKEN, () -> now);
  private final AccessFilter withoutToken =
      new AccessFilter(Set.of("localhost", "bench"), Optional.empty());
  private final AccessFilter withToken =
      new AccessFilter(Set.of("localhost"), Optional.of(session));

  private static HttpRequest request(String method, String path, Map<String, String> headers) {
    return new HttpRequest(method, path, Map.of(), headers, new byte[0], "127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "localhost:8090",
        "LOCALHOST:1",
        "127.0.0.1:8090",
        "[::1]:8090",
        "[::1]",
        "bench",
        "10.0.0.7"
      })
  void acceptsKnownHostNamesAndIpAddresses(String host) {
    assertThatCode(() -> withoutToken.check(request("GET", "/", Map.of("host", host))))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "cross-site,no-cors,image,403",
    "same-site,cors,empty,403",
    "cross-site,navigate,iframe,403",
    "cross-site,navigate,document,0",
    "same-origin,cors,empty,0",
    "none,navigate,document,0"
  })
  void letsOtherSitesLinkHereButLoadNothing(String site, String mode, String dest, int status) {
    HttpRequest crossSite =
        request(
            "GET",
            "/api/v1/report",
            Map.of(
                "host", "localhost",
                "sec-fetch-site", site,
                "sec-fetch-mode", mode,
                "sec-fetch-dest", dest));
    if (status == 0) {
      assertThatCode(() -> withoutToken.check(crossSite)).doesNotThrowAnyException();
    } else {
      assertThatThrownBy(() -> withoutToken.check(crossSite))
          .isInstanceOfSatisfying(
              HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(status));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "evil",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil@localhost",
        "[evil]",
        "localhost:8090:1"
      })
  void refusesUnknownHostNames(String host) {
    assertThatThrownBy(() -> withoutToken.check(request("GET", "/", Map.of("host", host))))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(421));
  }

  @ParameterizedTest
  @CsvSource({
    "origin, http://evil.example",
    "origin, null",
    "origin, http://localhost:81",
    "origin, http://localhost:8090.evil.example",
    "sec-fetch-site, cross-site",
    "sec-fetch-site, same-site"
  })
  void refusesChangesFromOtherSites(String header, String value) {
    Map<String, String> headers = Map.of("host", "localhost:8090", header, value);

    assertThatThrownBy(() -> withoutToken.check(request("POST", "/submit", headers)))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(403));
    assertThatThrownBy(() -> withoutToken.check(request("DELETE", "/", headers)))
        .isInstanceOf(HttpProblemException.class);
    Map<String, String> link = new HashMap<>(headers);
    link.put("sec-fetch-mode", "navigate");
    assertThatCode(() -> withoutToken.check(request("GET", "/", link))).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "origin, http://localhost:8090",
    "sec-fetch-site, same-origin",
    "sec-fetch-site, none",
    "x, y"
  })
  void acceptsChangesFromItsOwnPagesAndFromOtherClients(String header, String value) {
    Map<String, String> headers = Map.of("host", "localhost:8090", header, value);

    assertThatCode(() -> withoutToken.check(request("POST", "/submit", headers)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource({
    "authorization, Bearer wrong",
    "authorization, Basic MDEyMzQ1Njc4OWFiY2RlZjAxMjM=",
    "authorization, Bearer",
    "cookie, caravan_session=",
    "cookie, caravan_session=1.2",
    "cookie, other=1",
    "x, y"
  })
  void requiresTheToken(String header, String value) {
    Map<String, String> headers = Map.of("host", "localhost", header, value);

    assertThatThrownBy(() -> withToken.check(request("GET", "/api/v1/batches", headers)))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(401));
  }

  @Test
  void acceptsTheTokenOrASessionCookie() {
    String cookie = session.cookie().replaceFirst(";.*", "");
    for (Map<String, String> credentials :
        java.util.List.of(
            Map.of("host", "localhost", "authorization", "Bearer " + TOKEN),
            Map.of("host", "localhost", "cookie", "a=b; " + cookie))) {
      assertThatCode(() -> withToken.check(request("GET", "/", credentials)))
          .doesNotThrowAnyException();
    }
  }

  @Test
  void endsASessionAfterAWeekOrWhenTheTokenChanges() {
    // given
    String value = session.cookie().replaceFirst(";.*", "").replaceFirst(".*?=", "");

    // then
    assertThat(session.isValid(value)).isTrue();
    assertThat(new Session(TOKEN + "x", () -> now).isValid(value)).isFalse();
    String later = String.valueOf(now.plus(Duration.ofDays(99)).getEpochSecond());
    assertThat(session.isValid(value.replaceFirst("^[0-9]+", later))).isFalse();

    // when
    now = now.plus(Duration.ofDays(8));

    // then
    assertThat(session.isValid(value)).isFalse();
  }
}
