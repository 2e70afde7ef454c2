package dev.caravan.fleet.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The process_result.json of an earlier attempt without its output and arguments. */
public final class AttemptDigest {

  private AttemptDigest() {}

  /** Reads the part of a process_result.json that a worker needs, as JSON text. */
  public static String of(Path processResult) throws IOException {
    JsonNode read = Json.read(processResult, JsonNode.class);
    if (read instanceof ObjectNode object) {
      object.remove(List.of("stdout", "stderr", "args", "executed"));
    }
    return Json.MAPPER.writeValueAsString(read);
  }
}
