package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests reach their handlers, and what those without one are answered. */
class WebServerTest {

  private static final int MIB = 1 << 20;

  @TempDir private Path folder;

  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    Routes routes =
        new Routes()
            .on("GET", "/", (request, path) -> HttpResponse.html(200, "root"))
            .on("GET", "/b/:name", (request, path) -> HttpResponse.html(200, path.toString()))
            .on("POST", "/b/:name", (request, path) -> size(request))
            .on("POST", "/login", (request, path) -> size(request))
            .on("GET", "/b/:name/files/*", (request, path) -> HttpResponse.html(200, path.get("*")))
            .on("GET", "/bug", (request, path) -> HttpResponse.html(200, "x".repeat(-1)));
    server = new TestServer(folder, routes, Optional.empty());
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  private static HttpResponse size(HttpRequest request) {
    return HttpResponse.html(200, request.body().length + " bytes");
  }

  @Test
  void passesDecodedParametersByName() throws Exception {
    assertThat(server.get("/").body()).isEqualTo("root");
    assertThat(server.get("/b/a%20%C3%BC+c").body()).isEqualTo("{name=a ü+c}");
    assertThat(server.get("/b/x/files/c1/y%20z.json").body()).isEqualTo("c1/y z.json");
    assertThat(server.get("/b/x/files/c1/").body()).isEqualTo("c1/");
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, http://127.0.0.1:8080/",
    "bench.example, http://bench.example:8080/",
    "0.0.0.0, http://localhost:8080/",
    "'::', http://localhost:8080/",
    "'::1', http://[::1]:8080/"
  })
  void tellsWhereABrowserFindsThePages(String host, String url) {
    assertThat(WebServer.url(host, 8080)).isEqualTo(url);
  }

  @Test
  void takesAUrlThatNamesFiftyBatches() throws Exception {
    // given: as the page writes it
    String names =
        IntStream.range(0, 50)
            .mapToObj(at -> "a_nightly_benchmark_of_a_model_with_a_long_name_" + at)
            .map(name -> name + "%252F20261128_020000")
            .collect(Collectors.joining("%2C"));

    // then
    assertThat(server.get("/b/x?batches=" + names).statusCode()).isEqualTo(200);
    assertThat(server.get("/b/x?batches=" + "x".repeat(20_000)).statusCode()).isEqualTo(414);
  }

  @Test
  void answersHeadLikeGetWithoutTheBody() throws Exception {
    var response =
        server.send(java.net.http.HttpRequest.newBuilder().method("HEAD", noBody()), "/");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-length")).hasValue("4");
    assertThat(response.body()).isEmpty();
  }

  private static java.net.http.HttpRequest.BodyPublisher noBody() {
    return java.net.http.HttpRequest.BodyPublishers.noBody();
  }

  @Test
  void listsTheAllowedMethodsOfAPath() throws Exception {
    var response =
        server.send(java.net.http.HttpRequest.newBuilder().method("DELETE", noBody()), "/b/x");

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow").orElse("")).contains("GET", "POST");
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/c", "/b", "/b/x/y", "//b/x"})
  void answersUnknownPathsWith404(String path) throws Exception {
    var program = server.get(path);
    var browser = server.get(path, "Accept", "text/html,*/*;q=0.8");

    assertThat(program.statusCode()).isEqualTo(404);
    assertThat(program.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(browser.statusCode()).isEqualTo(404);
    assertThat(browser.body()).contains("<nav", "Page not found");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/b/x/files/a%2F..%2F..%2Fy",
        "/b/x/files/%2e%2e/y",
        "/b/x/files/../../y/files/z",
        "/b/x/files/a%5Cb",
        "/b/x/files/%00",
        "/b/%2e%2e%2f",
        "/b/%zz",
        "/b/%"
      })
  void refusesPathsThatLeadElsewhere(String path) throws Exception {
    String reply = raw("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n");

    assertThat(reply).startsWith("HTTP/1.1 400").contains("problem+json").doesNotContain("at java");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/b/x",
        "//b/x",
        "/static/../b/x",
        "/static/%2e%2e/b/x",
        "/static/%2E./b/x",
        "/static/x/../../b/x",
        "/static//../../b/x",
        "/static/./../b/x",
        "/static/..%2fb/x",
        "/login/../b/x",
        "/observe/health/live/../../../b/x",
        "http://localhost/static/../b/x",
      })
  void needsTheTokenHoweverAPathIsWritten(String path) throws Exception {
    // given
    Routes routes =
        new Routes()
            .on("GET", "/b/:name", (request, parameters) -> HttpResponse.html(200, "inside"))
            .on("POST", "/b/:name", (request, parameters) -> HttpResponse.html(200, "inside"));
    Session session = new Session("a-token-that-nobody-guesses", Instant::now);

    try (TestServer closed =
        new TestServer(
            Files.createDirectory(folder.resolve("closed")), routes, Optional.of(session))) {
      for (String method : new String[] {"GET", "POST"}) {
        // when
        String reply = raw(closed, method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n");

        // then
        assertThat(reply).startsWith("HTTP/1.1 4").doesNotContain("inside");
      }
    }
  }

  private String raw(String request) throws Exception {
    return raw(server, request);
  }

  private static String raw(TestServer server, String request) throws Exception {
    try (var socket = server.connect(request + "Connection: close\r\n\r\n")) {
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/x-www-form-urlencoded",
        "application/yaml",
        "text/plain",
        "x/y",
        "multipart/form-data; boundary=x",
        "multipart/form-data"
      })
  void takesBodiesOfAnyContentType(String type) throws Exception {
    for (int size : new int[] {1, 1023, 9000, MIB}) {
      byte[] yaml = ("a: " + "&=%zz\n".repeat(MIB)).substring(0, size).getBytes();
      assertThat(server.post("/b/x", yaml, "Content-Type", type).body())
          .as(size + " bytes")
          .startsWith(size + " ");
    }
  }

  @Test
  void refusesABodyThatIsTooLarge() throws Exception {
    var response = server.post("/b/x", new byte[5 * MIB]);

    assertThat(response.statusCode()).isEqualTo(413);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
    assertThat(server.get("/").statusCode()).isEqualTo(200);
  }

  @Test
  void holdsLittleOfABodyThatNeedsNoToken() throws Exception {
    assertThat(server.post("/login", new byte[9000]).body()).startsWith("9000 ");
    assertThat(server.post("/login", new byte[MIB]).statusCode()).isEqualTo(413);
  }

  @Test
  void saysAnErrorOfOursWithoutItsStackTrace() throws Exception {
    assertThat(server.get("/bug").body()).contains("internal error").doesNotContain("at java");
    assertThat(server.get("/bug", "Accept", "text/html").body())
        .contains("<nav", "Internal error")
        .doesNotContain("Exception");
  }

  @Test
  void showsARefusalAsAPageToABrowser() throws Exception {
    var page =
        server.post("/b/x", new byte[0], "Origin", "http://evil.example", "Accept", "text/html");

    assertThat(page.statusCode()).isEqualTo(403);
    assertThat(page.body().toLowerCase(Locale.ROOT)).contains("<nav", "cross-site");
    assertThat(server.post("/b/x", new byte[0], "Origin", "http://evil.example").body())
        .startsWith("{");
  }
}
