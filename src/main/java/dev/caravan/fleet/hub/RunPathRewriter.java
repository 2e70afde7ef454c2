package dev.caravan.fleet.hub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.caravan.config.Parameters;
import dev.caravan.fleet.protocol.ArchiveRefusedException;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.RunFolder;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Rewrites {@code args} and {@code command} of a run from a worker, so that they name the run's
 * folder in the hub's tree and can be pasted there. {@code executed} stays as it ran.
 */
final class RunPathRewriter {

  /**
   * In bytes. The file is read into memory; it holds two outputs of at most 1 MiB each, escaped.
   */
  private static final long MAX_BYTES = 16 << 20;

  private RunPathRewriter() {}

  /** Rewrites the JSON files of a run in {@code folder}. */
  static void rewrite(Path folder, Run run) throws IOException {
    ObjectNode result = read(folder.resolve(RunFolder.PROCESS_RESULT));
    if (result.hasNonNull("args")) {
      ArrayNode args = result.putArray("args");
      AiperfArguments.equivalent(sent(run, result), run.folder()).forEach(args::add);
      write(folder.resolve(RunFolder.PROCESS_RESULT), result);
    }
    ObjectNode metadata = read(folder.resolve(RunFolder.RUN_METADATA));
    if (metadata.hasNonNull("command")) {
      metadata.put("command", AiperfArguments.shellLine(sent(run, metadata), run.folder()));
      write(folder.resolve(RunFolder.RUN_METADATA), metadata);
    }
  }

  private static Parameters sent(Run run, ObjectNode attempt) {
    return run.sent(attempt.path("attempt").asInt(1));
  }

  private static ObjectNode read(Path file) throws IOException {
    if (!Files.exists(file)) {
      return Json.MAPPER.createObjectNode();
    }
    if (Files.size(file) > MAX_BYTES) {
      throw new ArchiveRefusedException(
          "\"" + file.getFileName() + "\" is larger than " + MAX_BYTES + " bytes");
    }
    try {
      JsonNode read = Json.MAPPER.readTree(RegularFiles.read(file));
      return read instanceof ObjectNode object ? object : Json.MAPPER.createObjectNode();
    } catch (JsonProcessingException | CharConversionException e) {
      throw new ArchiveRefusedException("\"" + file.getFileName() + "\" is not valid JSON");
    }
  }

  private static void write(Path file, ObjectNode json) throws IOException {
    Files.deleteIfExists(file); // it may be a hard link to the worker's file
    Files.write(file, Json.file(json));
  }
}
