package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.caravan.config.Overrides;
import dev.caravan.config.Parameters;
import dev.caravan.config.Target;
import dev.caravan.model.plan.Place;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.storage.Json;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Reads trees that Caravan did not write: those of {@code run_aiperf.py} (a folder of runs, each
 * with {@code run_metadata.json}) and output folders of aiperf itself, which only their names tell
 * apart.
 */
final class ForeignTree {

  /** The sweep key used when no metadata holds the sweep values; its value is the folder name. */
  private static final String FOLDER_KEY = "folder";

  /** A run and its metadata. */
  private record FoundRun(Path folder, int index, Map<String, Object> sweep, JsonNode metadata) {}

  private ForeignTree() {}

  /**
   * The runs in this folder, or the folder itself when it is a run.
   *
   * @throws IOException when it holds no run
   */
  static BatchData read(Path folder, LateChecks lateChecks) throws IOException {
    List<Path> inside = ForeignRuns.in(folder);
    List<Path> runs = inside.isEmpty() && ResultFolders.isRun(folder) ? List.of(folder) : inside;
    if (runs.isEmpty()) {
      throw new IOException("no run found in " + folder);
    }
    List<FoundRun> found = new ArrayList<>();
    for (Path run : runs) {
      found.add(readRun(run, !run.equals(folder)));
    }
    found.sort(Comparator.comparingInt(FoundRun::index));
    Set<String> keys = new LinkedHashSet<>();
    found.forEach(run -> keys.addAll(run.sweep().keySet()));
    return batch(folder, found, List.copyOf(keys), lateChecks);
  }

  private static BatchData batch(
      Path folder, List<FoundRun> runs, List<String> keys, LateChecks lateChecks) {
    Map<String, String> labels = labels(runs.get(0).metadata());
    RunReader reader = new RunReader(lateChecks);
    List<Point> points = new ArrayList<>();
    for (int at = 0; at < runs.size(); at++) {
      FoundRun run = runs.get(at);
      List<Object> values = keys.stream().map(key -> run.sweep().getOrDefault(key, "")).toList();
      String name = folder.relativize(run.folder()).toString();
      String started = run.metadata().path("timestamp").asText("");
      points.add(
          reader.foreign(
              new RunReader.Identity(at, name, place(run), values, labels),
              run.folder(),
              started,
              LateChecks.Asked.of(parameters(run.metadata()))));
    }
    return new BatchData(
        id(folder),
        folder,
        true,
        provenance(runs, labels),
        keys,
        List.of(),
        Optional.empty(),
        points.size(),
        points);
  }

  /** Only Caravan writes it; what another program swept names a point as it does here. */
  private static Place place(FoundRun run) {
    JsonNode metadata = run.metadata();
    return new Place(
        metadata.path("variant").asText(""),
        metadata.has("point") ? text(metadata, "point") : point(run),
        metadata.path("repeat").asInt(Place.UNKNOWN.repeat()));
  }

  /** Empty for a run that only the name of its folder tells apart. */
  private static String point(FoundRun run) {
    return run.metadata().path("sweep_params").isEmpty()
        ? ""
        : Place.pointOf(run.sweep()).orElse("");
  }

  private static String id(Path folder) {
    Path path = folder.toAbsolutePath().normalize();
    return path.getNameCount() < 2
        ? path.toString()
        : path.getName(path.getNameCount() - 2) + "/" + path.getFileName();
  }

  /** What the run in this folder was to do; empty when nothing says so. */
  static Optional<Parameters> parameters(Path folder) {
    return parameters(json(new RunFolder(folder).runMetadata()));
  }

  private static Optional<Parameters> parameters(JsonNode metadata) {
    return Parameters.ofOthers(
        values(metadata.path("base_config")), values(metadata.path("sweep_params")));
  }

  /** The fields of an object that have a value. */
  private static Map<String, Object> values(JsonNode object) {
    Map<String, Object> values = new LinkedHashMap<>();
    object.properties().stream()
        .filter(field -> !field.getValue().isNull())
        .forEach(e -> values.put(e.getKey(), Json.MAPPER.convertValue(e.getValue(), Object.class)));
    return values;
  }

  private static FoundRun readRun(Path run, boolean nameIsValue) {
    JsonNode metadata = json(new RunFolder(run).runMetadata());
    Map<String, Object> sweep = new LinkedHashMap<>();
    metadata
        .path("sweep_params")
        .properties()
        .forEach(e -> sweep.put(e.getKey(), sweptValue(e.getValue())));
    if (sweep.isEmpty() && nameIsValue) {
      sweep.put(FOLDER_KEY, run.getFileName().toString());
    }
    return new FoundRun(run, metadata.path("run_index").asInt(0), sweep, metadata);
  }

  /** A sweep may leave an option out, which Python names {@code None}. */
  static Object sweptValue(JsonNode value) {
    return value.isNull() ? "None" : Json.MAPPER.convertValue(value, Object.class);
  }

  private static Provenance provenance(List<FoundRun> runs, Map<String, String> labels) {
    FoundRun first = runs.get(0);
    JsonNode base = first.metadata().path("base_config");
    TokenCount tokens = TokenCount.of(values(base), text(base, "model"), text(base, "tokenizer"));
    return new Provenance(
        values(runs, "url", ForeignTree::target),
        values(runs, "model", UnaryOperator.identity()),
        text(base, "endpoint_type"),
        values(runs, "tokenizer", UnaryOperator.identity()),
        base.isMissingNode() ? "" : tokens.message(),
        base.isMissingNode() || tokens.trusted(),
        AiperfExport.read(first.folder()).export().map(AiperfExport::aiperfVersion).orElse(""),
        text(first.metadata(), "caravan_version"),
        text(first.metadata(), "host"),
        text(first.metadata(), "timestamp"),
        "",
        labels,
        text(first.metadata(), "config_file"),
        "",
        Overrides.NONE);
  }

  /** All different values of this key. */
  private static String values(List<FoundRun> runs, String key, UnaryOperator<String> display) {
    return runs.stream()
        .map(
            run ->
                run.sweep().containsKey(key)
                    ? String.valueOf(run.sweep().get(key))
                    : text(run.metadata().path("base_config"), key))
        .filter(text -> !text.isEmpty())
        .map(display)
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String target(String url) {
    try {
      return Target.of(url).toString();
    } catch (IllegalArgumentException e) {
      return url;
    }
  }

  private static Map<String, String> labels(JsonNode metadata) {
    Map<String, String> labels = new LinkedHashMap<>();
    metadata
        .path("labels")
        .properties()
        .forEach(e -> labels.put(e.getKey(), e.getValue().asText()));
    return labels;
  }

  private static String text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isNull() ? "" : value.asText("");
  }

  private static JsonNode json(Path file) {
    try {
      return Json.read(file, JsonNode.class);
    } catch (IOException e) {
      return Json.MAPPER.createObjectNode(); // absent or incomplete: the folder's name is used
    }
  }
}
