package dev.caravan.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "/a\r\nSet-Cookie: a=b",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "/\u2044evil.example"
      })
  void leadsToNoOtherSite(String path) {
    assertThat(ReturnPath.checked(path)).isEqualTo("/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/batches/b/20261130_003912?a=%C3%BC&b=1", "/trend/x%2Fy"})
  void leadsToOwnPages(String path) {
    assertThat(ReturnPath.checked(path)).isEqualTo(path);
  }

  @Test
  void remembersThePageWithItsQuery() {
    // given
    Map<String, List<String>> query = Map.of("batch", List.of("a/1", "b&c"));

    // then
    assertThat(ReturnPath.login(request("GET", "/compare", query)))
        .isEqualTo("/login?to=%2Fcompare%3Fbatch%3Da%252F1%26batch%3Db%2526c");
    assertThat(ReturnPath.login(request("GET", "/", Map.of()))).isEqualTo("/login");
    assertThat(ReturnPath.login(request("POST", "/submit", Map.of())))
        .as("what changes something is not asked for again")
        .isEqualTo("/login");
    assertThat(ReturnPath.login(request("GET", "/" + "a".repeat(5000), Map.of())))
        .isEqualTo("/login");
  }

  private static HttpRequest request(String method, String path, Map<String, List<String>> query) {
    return new HttpRequest(method, path, query, Map.of(), new byte[0], "127.0.0.1");
  }
}
