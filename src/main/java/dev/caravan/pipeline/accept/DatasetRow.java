package dev.caravan.pipeline.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.text.DisplayText;
import dev.caravan.pipeline.accept.DatasetLines.Line;
import dev.caravan.storage.Json;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out why aiperf 0.13.0 cannot read a line of a dataset (see its dataset/loader). */
final class DatasetRow {

  /** The keys of one turn's content. */
  static final List<String> MODALITIES =
      List.of("text", "texts", "image", "images", "audio", "audios", "video", "videos");

  private static final List<String> TRACE =
      List.of("input_length", "text_input", "messages", "payload");

  /** Of which keys a row has at least one, by format. */
  private static final Map<String, List<String>> KEYS =
      Map.of(
          "single_turn", MODALITIES,
          "random_pool", MODALITIES,
          "multi_turn", List.of("turns"),
          "dag_jsonl", List.of("turns"),
          "mooncake_trace", TRACE,
          "bailian_trace", List.of("chat_id"),
          "sagemaker_data_capture", List.of("captureData"));

  /** Names that other tools use for the keys that aiperf reads. */
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "prompt", "text",
          "prompts", "texts",
          "question", "text",
          "query", "text",
          "content", "text",
          "instruction", "text",
          "input", "text",
          "conversation", "turns",
          "conversations", "turns",
          "conversation_turns", "turns");

  private static final List<String> ANY = any();

  private DatasetRow() {}

  /** Why aiperf cannot read this line in this format, or in the one it finds; empty if it can. */
  static Optional<String> refusal(Line line, Optional<String> format) {
    return problem(line, format).map(why -> "line " + line.number() + " " + why);
  }

  private static Optional<String> problem(Line line, Optional<String> format) {
    byte[] bytes = line.bytes();
    if (startsWith(bytes, 0xEF, 0xBB, 0xBF)) {
      return Optional.of("starts with a byte order mark (BOM); save the file without it");
    }
    if (startsWith(bytes, 0xFF, 0xFE) || startsWith(bytes, 0xFE, 0xFF)) {
      return Optional.of("is UTF-16; save the file as UTF-8");
    }
    Optional<String> text = line.cut() ? Optional.of("{}") : text(bytes);
    if (text.isEmpty()) {
      return Optional.of("is not valid UTF-8");
    }
    return line.cut() ? Optional.empty() : json(text.get().strip(), format);
  }

  private static Optional<String> json(String text, Optional<String> format) {
    if (text.startsWith("[")) {
      return Optional.of("starts a JSON array; aiperf reads one JSON object per line");
    }
    try {
      JsonNode row = Json.STRICT.readTree(text);
      return row.isObject()
          ? keys(row, format)
          : Optional.of("is not a JSON object; aiperf reads one per line");
    } catch (StreamConstraintsException e) {
      return Optional.empty(); // beyond our limits; aiperf may still read it
    } catch (JsonEOFException e) {
      return Optional.of("is cut off: its JSON object has no end");
    } catch (JsonProcessingException e) {
      boolean comma = text.endsWith(",") && isJson(text.substring(0, text.length() - 1));
      return Optional.of(
          comma
              ? "ends with a comma; aiperf reads one JSON object per line, without commas between them"
              : "is not JSON: " + DisplayText.quoted(text));
    }
  }

  private static boolean isJson(String text) {
    try {
      Json.STRICT.readTree(text);
      return true;
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static Optional<String> keys(JsonNode row, Optional<String> format) {
    List<String> wanted = format.map(f -> KEYS.getOrDefault(f, List.of())).orElse(ANY);
    if (wanted.isEmpty() || wanted.stream().anyMatch(key -> says(row.path(key)))) {
      return Optional.empty();
    }
    String other = "";
    for (Map.Entry<String, String> pair : OTHER_NAMES.entrySet()) {
      if (row.has(pair.getKey()) && wanted.contains(pair.getValue())) {
        other = "; write \"" + pair.getValue() + "\" for \"" + pair.getKey() + "\"";
      }
    }
    return Optional.of(
        "has none of the keys that aiperf reads (" + String.join(", ", wanted) + ")" + other);
  }

  private static boolean says(JsonNode value) {
    return !value.isMissingNode()
        && !value.isNull()
        && !(value.isTextual() && value.asText().isEmpty())
        && !(value.isContainerNode() && value.isEmpty());
  }

  static Optional<String> text(byte[] bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean startsWith(byte[] bytes, int... start) {
    for (int i = 0; i < start.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xFF) != start[i]) {
        return false;
      }
    }
    return true;
  }

  private static List<String> any() {
    List<String> any = new ArrayList<>(MODALITIES);
    any.addAll(List.of("turns"));
    any.addAll(TRACE);
    any.addAll(List.of("data", "chat_id", "captureData", "round_index", "image_uuids"));
    return any;
  }
}
