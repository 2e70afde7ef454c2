package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretStoreTest {

  @TempDir private Path folder;

  @Test
  void looksInTheEnvironmentThenInTheFile() throws IOException {
    // given
    writeSecrets("rw-------", "A_KEY=of the file\nB_KEY=b\n");
    SecretStore secrets = store(Map.of("A_KEY", "of the environment"));
    // then
    assertThat(secrets.value("A_KEY")).contains("of the environment");
    assertThat(secrets.value("B_KEY")).contains("b");
    assertThat(secrets.value("C_KEY")).isEmpty();
  }

  @Test
  void ignoresABlankVariable() throws IOException {
    // given
    writeSecrets("rw-------", "A_KEY=file\nB_KEY=\n");
    SecretStore secrets = store(Map.of("A_KEY", " "));
    // then
    assertThat(secrets.value("A_KEY")).contains("file");
    assertThat(secrets.value("B_KEY")).isEmpty();
  }

  @Test
  void readsLinesAsAShellDoes() throws IOException {
    // given
    writeSecrets(
        "rw-------", "# mine\nexport A_KEY=\"a=b\"\n  B_KEY = 'b c' \nC_KEY=\"half\nnonsense\n");
    SecretStore secrets = store(Map.of());
    // then
    assertThat(secrets.value("A_KEY")).contains("a=b");
    assertThat(secrets.value("B_KEY")).contains("b c");
    assertThat(secrets.value("C_KEY")).contains("\"half");
    assertThat(secrets.value("nonsense")).isEmpty();
  }

  @Test
  void readsTheFileAtEachLookUp() throws IOException {
    // given
    SecretStore secrets = store(Map.of());
    assertThat(secrets.value("A_KEY")).isEmpty();
    // when
    writeSecrets("rw-------", "A_KEY=a\n");
    // then
    assertThat(secrets.value("A_KEY")).contains("a");
  }

  @ParameterizedTest
  @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rwx------", "rw-----w-"})
  void refusesAFileThatOthersMayAccess(String permissions) throws IOException {
    // given
    writeSecrets(permissions, "A_KEY=sk-secret\n");
    // then
    assertThatThrownBy(() -> store(Map.of()).value("A_KEY"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("chmod 600")
        .hasMessageNotContaining("sk-secret");
  }

  @Test
  void refusesAFileThatCannotBeRead() throws IOException {
    // given
    writeSecrets("rw-------", "");
    Files.write(new Home(folder).secretsFile(), new byte[] {(byte) 0xff, (byte) 0xfe, '='});
    // then
    assertThatThrownBy(() -> store(Map.of()).value("A_KEY"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContaining("cannot read");
  }

  private SecretStore store(Map<String, String> environment) {
    return new SecretStore(new Home(folder), environment);
  }

  private void writeSecrets(String permissions, String lines) throws IOException {
    Path file = new Home(folder).secretsFile();
    Files.createDirectories(file.getParent());
    Files.writeString(file, lines);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
  }
}
