package dev.caravan.app.camel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.testing.AddedJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AddedJarsTest {

  @TempDir private Path folder;

  @Test
  void namesEveryPartOfAnotherCamel() throws IOException {
    // given: the name of a file says nothing
    Path same = camel("camel-a-4.10.0.jar", "camel-a", "4.17.0");
    Path older = camel("older.jar", "camel-b", "4.10.0");
    Path newer = camel("newer.jar", "camel-c", "4.18.1");
    Path other = jar("other.jar", "META-INF/maven/org.apache.kafka/k/pom.properties", "1.0");
    Path noJar = folder.resolve("classes");
    // then
    assertThat(AddedJars.faults(List.of(same, older, newer, other, noJar), "4.17.0"))
        .containsExactly(
            older + " has camel-b of version 4.10.0", newer + " has camel-c of version 4.18.1");
  }

  @Test
  void refusesAJarThatCannotBeRead() throws IOException {
    // given
    Path cut = Files.writeString(folder.resolve("cut.jar"), "PK");
    // then
    assertThatThrownBy(() -> AddedJars.faults(List.of(cut), "4.17.0"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageStartingWith("cannot read " + cut);
  }

  private Path camel(String file, String artifact, String version) throws IOException {
    return jar(
        file,
        "META-INF/maven/org.apache.camel/" + artifact + "/pom.properties",
        "artifactId=" + artifact + "\ngroupId=org.apache.camel\nversion=" + version + "\n");
  }

  private Path jar(String file, String entry, String text) throws IOException {
    return AddedJar.with(
        folder.resolve(file), Map.of(entry, text.getBytes(StandardCharsets.UTF_8)));
  }
}
