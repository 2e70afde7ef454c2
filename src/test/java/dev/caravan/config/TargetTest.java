package dev.caravan.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8000,                http://localhost:8000",
    "HTTP://LOCALHOST:8000/v1?x=1#y,       http://localhost:8000",
    "http://127.0.0.1:8000/v1,             http://localhost:8000",
    "http://[::1]:8000,                    http://localhost:8000",
    "http://[0:0:0:0:0:0:0:1]:8000,        http://localhost:8000",
    "http://localhost.:8000,               http://localhost:8000",
    "http://0.0.0.0:8000,                  http://localhost:8000",
    "http://[::]:8000,                     http://localhost:8000",
    "http://127.0.1.1:8000,                http://localhost:8000",
    "http://127.255.0.9:8000,              http://localhost:8000",
    "http://127.1:8000,                    http://localhost:8000",
    "http://0:8000,                        http://localhost:8000",
    "http://2130706433:8000,               http://localhost:8000",
    "http://0x7f.0.0.1:8000,               http://localhost:8000",
    "http://0177.0.0.1:8000,               http://localhost:8000",
    "http://[::ffff:127.0.0.1]:8000,       http://localhost:8000",
    "http://gpu.localhost:8000,            http://localhost:8000",
    "http://ip6-localhost:8000,            http://localhost:8000",
    "http://10.1:8000,                     http://10.0.0.1:8000",
    "http://[::ffff:10.0.0.1]:8000,        http://10.0.0.1:8000",
    "http://127.0.0.256:8000,              http://127.0.0.256:8000",
    "http://128.0.0.1:8000,                http://128.0.0.1:8000",
    "http://127.example:8000,              http://127.example:8000",
    "http://h,                             http://h:80",
    "http://h:/,                           http://h:80",
    "https://h/llm,                        https://h:443",
    "https://h:80,                         https://h:80",
    "http://user:pa@ss@Host:1,             http://host:1",
    "http://my_host:8000,                  http://my_host:8000",
    "http://[2001:DB8::1]:9,               http://[2001:db8:0:0:0:0:0:1]:9",
    "http://bücher.example,                http://xn--bcher-kva.example:80",
  })
  void equivalentUrlsGiveTheSameTarget(String url, String expected) {
    assertThat(Target.of(url)).hasToString(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:8000", "ftp://h", "http://", "http:///v1", "http://a b", "http://h:x"})
  void rejectsOtherThanHttpUrls(String url) {
    assertThatThrownBy(() -> Target.of(url))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("url must start with http://host or https://host");
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://u:secret@h:0", "http://u:secret@h:65536", "x://u:secret@h"})
  void neverQuotesPasswords(String url) {
    assertThatThrownBy(() -> Target.of(url)).message().doesNotContain("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:8000,   http_localhost_8000",
    "https://a-b.c_d,         https_a-b.c_d_443",
    "http://[2001:db8::1]:9,  http_2001%3adb8%3a0%3a0%3a0%3a0%3a0%3a1_9",
    "http://h%2f..:1,         http_h%252f._1",
  })
  void hasAUniqueFileName(String url, String expected) {
    assertThat(Target.of(url).fileName()).isEqualTo(expected);
  }

  @Test
  void isToldApartBySchemeHostAndPort() {
    // given
    Target target = Target.of("http://a:80");

    // then
    assertThat(target)
        .isEqualTo(Target.of("HTTP://A/v1"))
        .hasSameHashCodeAs(Target.of("HTTP://A/v1"));
    assertThat(target)
        .isNotEqualTo(Target.of("https://a:80"))
        .isNotEqualTo(Target.of("http://b:80"))
        .isNotEqualTo(Target.of("http://a:81"));
  }

  @Test
  void keepsLongFileNamesUnique() {
    // given
    String start = "http://" + "a".repeat(300);

    // when
    String one = Target.of(start + "1").fileName();
    String other = Target.of(start + "2").fileName();

    // then
    assertThat(one).hasSizeLessThan(200).isNotEqualTo(other);
  }
}
