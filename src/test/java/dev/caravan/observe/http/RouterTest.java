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
          .on("GET", "/", (request, path) -> HttpResponse.html(200, "root"))
          .on("GET", "/b/{name}", (request, path) -> HttpResponse.html(200, path.toString()))
          .on("POST", "/b/{name}", (request, path) -> HttpResponse.html(202, path.toString()))
          .on(
              "GET",
              "/b/{name}/files/{file*}",
              (request, path) -> HttpResponse.html(200, path.toString()));

  private HttpResponse handle(String method, String path) throws Exception {
    return router.handle(
        new HttpRequest(method, path, Map.of(), Map.of(), new byte[0], "127.0.0.1"));
  }

  private static String text(HttpResponse response) {
    return new String(((HttpResponse.Bytes) response.body()).content(), StandardCharsets.UTF_8);
  }

  @Test
  void passesDecodedSegmentsByName() throws Exception {
    assertThat(text(handle("GET", "/"))).isEqualTo("root");
    assertThat(text(handle("GET", "/b/a%20%C3%BC+c"))).isEqualTo("{name=a ü+c}");
    assertThat(text(handle("GET", "/b/x/files/c1/y.json"))).isEqualTo("{name=x, file=c1/y.json}");
    assertThat(text(handle("HEAD", "/b/x"))).isEqualTo("{name=x}");
  }

  @Test
  void listsTheAllowedMethodsOfAPath() throws Exception {
    HttpResponse response = handle("DELETE", "/b/x");

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.headers()).containsEntry("Allow", "GET, POST");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/c", "/b", "/b/x/y", "//", "/b/x/"})
  void answersUnknownPathsWith404(String path) {
    assertThatThrownBy(() -> handle("GET", path))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(404));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/b/x/files/../../y", "/b/x/files/%2e%2e/y", "/b/x/files/a%2Fb", "/b/x/files/a%5Cb",
        "/b/x/files/%00", "/b/x/files/.", "/b/%", "/b/%zz"
      })
  void refusesPathsThatLeadElsewhere(String path) {
    assertThatThrownBy(() -> handle("GET", path))
        .isInstanceOfSatisfying(
            HttpProblemException.class, r -> assertThat(r.status()).isEqualTo(400));
  }
}
