package dev.caravan.pipeline.outcome;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.caravan.config.Parameters;
import dev.caravan.pipeline.outcome.checks.CheckResults;
import dev.caravan.pipeline.outcome.checks.CheckRules;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Evidence;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * A short run of AIPerf 0.13.0 against the simulated LLM, or against llama.cpp where its name says
 * so, kept in {@code src/test/resources/checks} with what the checks read of it.
 */
public record RecordedRun(Path folder, Parameters parameters) {

  /** Reads a run that it unpacks into this folder. */
  static RecordedRun of(String name, Path folder) throws IOException {
    unpack(name, folder);
    Map<String, Object> values =
        Json.MAPPER.readValue(folder.resolve("parameters.json").toFile(), new TypeReference<>() {});
    return new RecordedRun(folder, new Parameters(longs(values)));
  }

  /** Unpacks the files of a run into this folder. */
  public static Path unpack(String name, Path folder) throws IOException {
    Files.createDirectories(folder);
    try (InputStream in = RecordedRun.class.getResourceAsStream("/checks/" + name + ".zip");
        ZipInputStream zip = new ZipInputStream(in)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        Files.write(folder.resolve(entry.getName()), zip.readAllBytes());
      }
    }
    return folder;
  }

  /** The same run, as if these parameters had been asked for. */
  RecordedRun with(String key, Object value) {
    return new RecordedRun(folder, parameters.with(Map.of(key, value)));
  }

  Evidence evidence() {
    return EvidenceReader.read(new RunFolder(folder), parameters, Map.of()).orElseThrow();
  }

  CheckResults check() {
    return Checks.examine(evidence(), CheckRules.DEFAULTS);
  }

  /** Findings above note, such as {@code warning cache}. */
  List<String> alarms() {
    return check().findings().stream()
        .filter(finding -> finding.level().compareTo(Level.NOTE) > 0)
        .map(finding -> finding.level().value() + " " + finding.id())
        .toList();
  }

  /** Whole numbers as a config has them. */
  private static Map<String, Object> longs(Map<String, Object> values) {
    Map<String, Object> changed = new LinkedHashMap<>();
    values.forEach(
        (key, value) ->
            changed.put(
                key,
                value instanceof Integer whole
                    ? (Object) whole.longValue()
                    : value instanceof Map<?, ?> map ? nested(map) : value));
    return changed;
  }

  private static Map<String, Object> nested(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put((String) key, value));
    return longs(copy);
  }
}
