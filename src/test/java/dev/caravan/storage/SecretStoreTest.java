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
import org.junit.jupiter.params.provider.CsvSource;
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

  @ParameterizedTest
  @CsvSource({
    "'sk-secretsecret0001\n', a line break",
    "'sk-secretsecret0001\r\n', 'a Windows line end (CR), a line break'",
    "'\uFEFFsk-secretsecret0001', a byte order mark (U+FEFF)",
    "' \tsk-secretsecret0001\u00a0', 'a space, a tab, a no-break space (U+00A0)'",
    "'sk-secretsecret0001\u001b', the control character U+001B",
  })
  void leavesOutWhatGotAroundAKey(String given, String removed) {
    // given
    SecretStore keys = store(Map.of("A_KEY", given));
    // then
    assertThat(keys.apiKey("A_KEY")).contains("sk-secretsecret0001");
    assertThat(keys.value("A_KEY")).contains("sk-secretsecret0001");
    assertThat(keys.remarks("A_KEY"))
        .containsExactly("the value of A_KEY is used without " + removed);
  }

  @Test
  void readsAFileThatAnEditorOfWindowsWrote() throws IOException {
    // given
    writeSecrets(
        "rw-------",
        "\uFEFFA_KEY=sk-aaaaaaaaaaaaaaaa # lab key\r\n"
            + "B_KEY=\"sk-bbbbbbbbbbbb # no\" # comment\r\nC_KEY=sk-cccccccccccc#1\r\n"
            + "D_KEY= # none yet\r\n");
    SecretStore keys = store(Map.of());
    // then
    assertThat(keys.apiKey("A_KEY")).contains("sk-aaaaaaaaaaaaaaaa");
    assertThat(keys.remarks("A_KEY"))
        .containsExactly(
            "the value of A_KEY is used without the comment after it, the byte order mark of its"
                + " file, the Windows line ends");
    assertThat(keys.value("B_KEY")).contains("sk-bbbbbbbbbbbb # no");
    assertThat(keys.apiKey("C_KEY")).contains("sk-cccccccccccc#1");
    assertThat(keys.value("D_KEY")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'sk-secret\nsecret0001', a line break",
    "'sk-secret secret0001', a space",
    "'sk-secret\u200bsecret0001', a zero-width space (U+200B)",
    "“sk-secretsecret0001”, a character outside ASCII (U+201C)",
  })
  void refusesAKeyThatCannotBePassedByName(String given, String fault) {
    // given
    SecretStore keys = store(Map.of("A_KEY", given));
    // then
    String expected =
        "the value of A_KEY has " + fault + " inside, which no API key has (value not shown)";
    assertThat(keys.apiKeyFault("A_KEY")).contains(expected);
    assertThat(keys.toMask("A_KEY")).contains(given);
    assertThatThrownBy(() -> keys.apiKey("A_KEY"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage(expected);
  }

  @Test
  void takesAPassphraseButNoControlCharacters() {
    // given
    SecretStore keys = store(Map.of("A_PASS", "correct hörse", "B_PASS", "a\u0007b"));
    // then
    assertThat(keys.value("A_PASS")).contains("correct hörse");
    assertThatThrownBy(() -> keys.value("B_PASS"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessage(
            "the value of B_PASS has the control character U+0007 inside (value not shown)");
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
