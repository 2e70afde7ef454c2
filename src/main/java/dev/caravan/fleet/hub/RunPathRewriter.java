package dev.caravan.fleet.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The lines that people paste name the folder the run has in the hub's tree, not the one it had on
 * its worker; {@code executed} stays as it was.
 */
final class RunPathRewriter {

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
  private static final String UI = "none";

  /** In bytes; it is read as a whole, and ours hold two outputs of at most 1 MiB, escaped. */
  private static final long LARGEST = 16 << 20;

  private RunPathRewriter() {}

  /** Corrects the JSON files of a run that lie in {@code folder}. */
  static void correct(Path folder, Run run) throws IOException {
    ObjectNode result = read(folder.resolve(RunFolder.PROCESS_RESULT));
    if (result.hasNonNull("args")) {
      ArrayNode args = result.putArray("args");
      AiperfArguments.equivalent(run.parameters(), run.folder(), UI).forEach(args::add);
      write(folder.resolve(RunFolder.PROCESS_RESULT), result);
    }
    ObjectNode metadata = read(folder.resolve(RunFolder.RUN_METADATA));
    if (metadata.hasNonNull("command")) {
      metadata.put("command", AiperfArguments.shellLine(run.parameters(), run.folder(), UI));
      write(folder.resolve(RunFolder.RUN_METADATA), metadata);
    }
  }

  private static ObjectNode read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return JSON.createObjectNode();
    }
    if (Files.size(file) > LARGEST) {
      throw new ArchiveRefusedException(
          "\"" + file.getFileName() + "\" holds more than " + LARGEST);
    }
    try {
      JsonNode read = JSON.readTree(file.toFile());
      return read instanceof ObjectNode object ? object : JSON.createObjectNode();
    } catch (JsonProcessingException e) {
      throw new ArchiveRefusedException("\"" + file.getFileName() + "\" is no JSON");
    }
  }

  private static void write(Path file, ObjectNode json) throws IOException {
    Files.deleteIfExists(file); // It may be a link to the worker's file.
    Files.writeString(file, JSON.writeValueAsString(json) + "\n");
  }
}
