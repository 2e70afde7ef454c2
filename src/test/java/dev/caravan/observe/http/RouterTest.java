package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {

  private final Router router =
      new Router()
          .on("GET", "/", (ask, path) -> HttpResponse.html(200, "root"))
          .on("GET", "/b/{name}", (ask, path) -> HttpResponse.html(200, path.toString()))
          .on("POST", "/b/{name}", (ask, path) -> HttpResponse.html(202, path.toString()))
          .on(
              "GET",
              "/b/{name}/files/{file*}",
              (ask, path) -> HttpResponse.html(200, path.toString()));

  private HttpResponse answer(String method, String path) throws Exception {
    return router.answer(
        new HttpRequest(method, path, Map.of(), Map.of(), new byte[0], "127.0.0.1"));
  }

  private static String text(HttpResponse reply) {
    return new String(((HttpResponse.Bytes) reply.body()).content(), StandardCharsets.UTF_8);
  }

  @Test
  void namesDecodedSegments() throws Exception {
    assertThat(text(answer("GET", "/"))).isEqualTo("root");
    assertThat(text(answer("GET", "/b/a%20%C3%BC+c"))).isEqualTo("{name=a ü+c}");
    assertThat(text(answer("GET", "/b/x/files/c1/y.json"))).isEqualTo("{name=x, file=c1/y.json}");
    assertThat(text(answer("HEAD", "/b/x"))).isEqualTo("{name=x}");
  }

  @Test
  void saysWhichMethodsAPathTakes() throws Exception {
    HttpResponse reply = answer("DELETE", "/b/x");

    assertThat(reply.status()).isEqualTo(405);
    assertThat(reply.headers()).containsEntry("Allow", "GET, POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/c", "/b", "/b/x/y", "//", "/b/x/"})
  void findsNothingElsewhere(String path) {
    assertThatThrownBy(() -> answer("GET", path))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/b/x/files/../../y", "/b/x/files/%2e%2e/y", "/b/x/files/a%2Fb", "/b/x/files/a%5Cb",
        "/b/x/files/%00", "/b/x/files/.", "/b/%", "/b/%zz"
      })
  void takesNoPathThatLeadsElsewhere(String path) {
    assertThatThrownBy(() -> answer("GET", path))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(400));
  }
}
