package dev.caravan.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {

  @TempDir private Path folder;

  private record Sent(int runIndex, List<String> inputFiles) {}

  @Test
  void writesSnakeCaseAndReadsItBack() {
    // given
    Sent sent = new Sent(3, List.of("a"));
    // when
    String file = new String(Json.file(sent), StandardCharsets.UTF_8);
    // then
    assertThat(file)
        .isEqualTo("{\n  \"run_index\" : 3,\n  \"input_files\" : [ \"a\" ]\n}\n")
        .satisfies(text -> assertThat(Json.read(text, Sent.class)).isEqualTo(sent));
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-30T19:45:07Z, 2026-11-30T19:45:07.000Z",
    "2026-11-30T19:45Z, 2026-11-30T19:45:00.000Z",
    "2026-11-30T19:45:07.19+01:00, 2026-11-30T19:45:07.190+01:00",
    "2026-11-30T19:45:07.187654321-03:30, 2026-11-30T19:45:07.187-03:30"
  })
  void writesTimesInOneWidthSoThatTheirTextsSortAsTheyDo(String time, String text) {
    // given
    OffsetDateTime moment = OffsetDateTime.parse(time);
    // then
    assertThat(Json.text(List.of(moment))).contains('"' + text + '"');
    assertThat(JsonTimes.text(moment)).isEqualTo(text);
  }

  @Test
  void ignoresAFieldOfANewerVersion() {
    assertThat(Json.read("{\"run_index\": 1, \"later\": {}}", Sent.class).runIndex()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{",
        "[]",
        "7",
        "{\"run_index\": {}}",
        "{\"run_index\": NaN}",
        "{\"run_index\": \"1\"}",
        "{\"run_index\": 1.9}",
        "{\"run_index\": true}",
        "{\"input_files\": [1]}",
        "{\"input_files\": [true]}",
        "{\"input_files\": \"\"}",
        "no"
      })
  void refusesWhatIsNotOfTheType(String text) {
    assertThatThrownBy(() -> Json.read(text, Sent.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Sent");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{", "null", "", "\0\0\0\7", "\0\0\0\0\7\7\7\7", "FOLDER", "LINK"})
  void tellsADamagedFile(String content) throws Exception {
    // given
    Path file = folder.resolve("a.json");
    switch (content) {
      case "FOLDER" -> Files.createDirectory(file);
      case "LINK" -> Files.createSymbolicLink(file, Path.of("nowhere"));
      default -> Files.writeString(file, content);
    }
    // then
    assertThatThrownBy(() -> Json.read(file, Sent.class))
        .isInstanceOf(DamagedFileException.class)
        .hasMessageContaining("a.json");
  }

  @Test
  void callsNoFileDamagedThatIsAbsentOrCannotBeRead() throws Exception {
    // given
    Path file = folder.resolve("a.json");
    assertThatThrownBy(() -> Json.read(file, Sent.class)).isInstanceOf(NoSuchFileException.class);
    Assumptions.assumeFalse("root".equals(System.getProperty("user.name")), "root reads all");
    // when
    Files.writeString(file, "{");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    // then
    assertThatThrownBy(() -> Json.read(file, Sent.class)).isInstanceOf(AccessDeniedException.class);
  }

  @Test
  void boundsNestingTextsAndNumbers() {
    for (String text :
        List.of(
            "[".repeat(2_000) + "]".repeat(2_000),
            "\"" + "a".repeat(21_000_000) + "\"",
            "1".repeat(2_000))) {
      assertThatThrownBy(() -> Json.read(text, JsonNode.class))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void acceptsNumbersOfPythonAndRefusesTrailingTextWhereAsked() throws Exception {
    assertThat(Json.PYTHON.readTree("{\"avg\": NaN}").path("avg").isNumber()).isTrue();
    assertThatThrownBy(() -> Json.STRICT.readTree("{} {}"))
        .isInstanceOf(JsonProcessingException.class);
  }
}
