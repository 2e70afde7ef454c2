package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of pip's configuration reaches uv. */
class UvSettingsTest {

  private final Map<String, String> environment = new HashMap<>(Map.of("HOME", "/home/me"));

  @ParameterizedTest
  @CsvSource({
    "index-url,       https://m/simple,    UV_DEFAULT_INDEX=https://m/simple",
    "extra-index-url, '\n https://a\n b ', UV_INDEX=https://a b",
    "extra-index-url, https://a,           UV_INDEX_STRATEGY=unsafe-best-match",
    "trusted-host,    'a:8080  b',         UV_INSECURE_HOST=a:8080 b",
    "constraint,      '/c.txt\n/d.txt',    UV_CONSTRAINT=/c.txt /d.txt",
    "find-links,      '/ /tmp /none',      'UV_FIND_LINKS=/,/tmp'",
    "find-links,      'http://h/l /tmp',   'UV_FIND_LINKS=http://h/l,/tmp'",
    "cert,            /c.pem,              SSL_CERT_FILE=/c.pem",
    "cert,            ~/c.pem,             SSL_CERT_FILE=/home/me/c.pem",
    "cert,            /tmp,                SSL_CERT_DIR=/tmp",
    "client-cert,     /me.pem,             SSL_CLIENT_CERT=/me.pem",
    "proxy,           http://u:p@proxy:1,  https_proxy=http://u:p@proxy:1",
    "proxy,           proxy:1,             HTTP_PROXY=proxy:1",
    "timeout,         20,                  UV_HTTP_TIMEOUT=20",
    "default-timeout, 1.5,                 UV_HTTP_TIMEOUT=2",
    "retries,         7,                   UV_HTTP_RETRIES=7",
    "cache-dir,       ~/cache,             UV_CACHE_DIR=/home/me/cache/uv",
    "no-cache-dir,    off,                 UV_CACHE_DIR=/gone/cache",
  })
  void givesUvWhatPipIsConfiguredWith(String option, String value, String variable) {
    // when
    UvSettings settings = settings(Map.of("global." + option, value));

    // then
    String[] expected = variable.split("=", 2);
    assertThat(settings.environment()).containsEntry(expected[0], expected[1]);
    assertThat(settings.options()).isEmpty();
    assertThat(settings.lacking()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "no-index,    yes,   --no-index",
    "only-binary, :all:, --only-binary=:all:",
    "no-binary,   'a,b', --no-binary=a --no-binary=b",
    "user,        yes,   ''",
    "no-index,    0,     ''",
    "quiet,       3,     ''",
  })
  void givesUvWhatOnlyItsCommandLineTakes(String option, String value, String options) {
    // when
    UvSettings settings = settings(Map.of("install." + option, value));

    // then
    assertThat(String.join(" ", settings.options())).isEqualTo(options);
    assertThat(settings.lacking()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pre", "target", "require-hashes", "keyring-provider", "new"})
  void namesWhatUvDoesNotHave(String option) {
    assertThat(settings(Map.of(":env:." + option, "1")).lacking()).contains(option);
  }

  @Test
  void namesWhatUvWouldMisread() {
    assertThat(settings(Map.of("global.timeout", "soon")).lacking()).contains("timeout");
    assertThat(settings(Map.of("global.find-links", "http://h/a,b")).lacking())
        .contains("find-links");
  }

  @Test
  void takesTheSettingThatPipTakes() {
    // when
    UvSettings settings =
        settings(
            Map.of(
                "global.timeout", "1",
                "install.timeout", "2",
                "download.timeout", "3",
                "global.index-url", "https://file",
                ":env:.index-url", "https://variable",
                ":env:.proxy", "",
                "global.proxy", "http://proxy",
                "download.target", "/elsewhere"));

    // then
    assertThat(settings.environment())
        .containsEntry("UV_HTTP_TIMEOUT", "2")
        .containsEntry("UV_DEFAULT_INDEX", "https://variable")
        .containsEntry("HTTPS_PROXY", "http://proxy");
    assertThat(settings.lacking()).isEmpty();
  }

  @Test
  void keepsUvFromWhatIsConfiguredForItAlone() {
    // given
    environment.put("UV_INDEX_URL", "https://other");
    environment.put("UV_SYSTEM_PYTHON", "1");
    environment.put("UV_CACHE_DIR", "/scratch");
    environment.put("UV_LINK_MODE", "copy");

    // when
    UvSettings settings = settings(Map.of("global.cache-dir", "/cache"));

    // then
    assertThat(settings.environment())
        .containsEntry("UV_NO_CONFIG", "1")
        .containsEntry("UV_PYTHON_DOWNLOADS", "never")
        .containsEntry("UV_CACHE_DIR", "/scratch")
        .containsEntry("UV_LINK_MODE", "copy")
        .doesNotContainKeys("UV_INDEX_URL", "UV_SYSTEM_PYTHON");
  }

  @Test
  void trustsWhomPipTrusts(@TempDir Path folder) throws Exception {
    // given
    Path bundle = Files.writeString(folder.resolve("bundle.pem"), "");
    environment.put("SSL_CERT_DIR", "/other");
    environment.put("REQUESTS_CA_BUNDLE", bundle.toString());

    // then
    assertThat(settings(Map.of()).environment())
        .containsEntry("UV_SYSTEM_CERTS", "1")
        .containsEntry("SSL_CERT_FILE", bundle.toString())
        .doesNotContainKey("SSL_CERT_DIR");
    assertThat(settings(Map.of("global.cert", folder.toString())).environment())
        .containsEntry("SSL_CERT_DIR", folder.toString())
        .doesNotContainKey("SSL_CERT_FILE");
  }

  private UvSettings settings(Map<String, String> listed) {
    return new UvSettings(PipSettings.of(listed), environment, Path.of("/gone"));
  }
}
