package dev.caravan.tools.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.caravan.testing.RealAiperf;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the real pip says of its configuration. */
class PipSettingsIT {

  @TempDir Path temp;

  @Test
  void readsFilesAndVariablesOfThePipThatIsThere() throws Exception {
    // given
    Path python = RealAiperf.ready(temp).resolveSibling("python");
    Path file =
        Files.writeString(
            temp.resolve("pip.conf"),
            """
            [global]
            quiet = 2
            trusted_host = "it's"
            extra-index-url =
                https://a/simple
                https://b/grün
            [install]
            timeout = 20
            """);
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.keySet().removeIf(name -> name.startsWith("PIP_"));
    environment.put("PIP_CONFIG_FILE", file.toString());
    environment.put("PIP_INDEX_URL", "https://me:it's=secret@c/simple");

    // when
    Map<String, String> options = PipSettings.read(python, environment).orElseThrow().options();

    // then
    assertThat(options)
        .containsEntry("trusted-host", "\"it's\"")
        .containsEntry("extra-index-url", "\nhttps://a/simple\nhttps://b/grün")
        .containsEntry("timeout", "20")
        .containsEntry("index-url", "https://me:it's=secret@c/simple");
  }

  @Test
  void readsNothingFromAPipThatRefusesItsConfiguration() throws Exception {
    // given
    Path python = RealAiperf.ready(temp).resolveSibling("python");
    Path file = Files.writeString(temp.resolve("pip.conf"), "no section\n");
    Map<String, String> environment = new HashMap<>(System.getenv());
    environment.put("PIP_CONFIG_FILE", file.toString());

    // then
    assertThat(PipSettings.read(python, environment)).isEmpty();
  }
}
