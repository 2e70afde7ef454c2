package dev.caravan.observe.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.caravan.pipeline.outcome.AiperfExport;
import dev.caravan.pipeline.target.Target;
import dev.caravan.storage.RunFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Reads trees that Caravan did not write: those of {@code run_aiperf.py} (a folder of runs, each
 * with {@code run_metadata.json}) and folders of plain aiperf, whose name is all that tells them
 * apart.
 */
final class ForeignTree {

  /** Stands for the folder name where no metadata tells the sweep values. */
  private static final String FOLDER = "folder";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A run as its metadata tells it. */
  private record Described(Path folder, int index, Map<String, Object> sweep, JsonNode metadata) {}

  private ForeignTree() {}

  /**
   * The runs in this folder, or the one that the folder is.
   *
   * @throws IOException when there are none
   */
  static BatchData read(Path folder) throws IOException {
    List<Path> inside =
        TreeFolderKind.folders(folder).stream().filter(TreeFolderKind::isRun).toList();
    List<Path> runs = inside.isEmpty() && TreeFolderKind.isRun(folder) ? List.of(folder) : inside;
    if (runs.isEmpty()) {
      throw new IOException("nothing that was run lies in " + folder);
    }
    List<Described> described = new ArrayList<>();
    for (Path run : runs) {
      described.add(described(run, !run.equals(folder)));
    }
    described.sort(Comparator.comparingInt(Described::index));
    Set<String> keys = new LinkedHashSet<>();
    described.forEach(run -> keys.addAll(run.sweep().keySet()));
    return batch(folder, described, List.copyOf(keys));
  }

  private static BatchData batch(Path folder, List<Described> runs, List<String> keys) {
    Map<String, String> labels = labels(runs.get(0).metadata());
    RunReader reader = new RunReader(labels);
    List<Point> points = new ArrayList<>();
    for (int at = 0; at < runs.size(); at++) {
      Described run = runs.get(at);
      List<Object> values = keys.stream().map(key -> run.sweep().getOrDefault(key, "")).toList();
      String name = run.folder().equals(folder) ? "" : run.folder().getFileName().toString();
      String started = run.metadata().path("timestamp").asText("");
      points.add(reader.foreign(at, name, values, run.folder(), started));
    }
    Path parent = folder.toAbsolutePath().normalize();
    String id =
        parent.getNameCount() < 2
            ? parent.toString()
            : parent.getName(parent.getNameCount() - 2) + "/" + parent.getFileName();
    return new BatchData(id, folder, true, provenance(runs, labels), keys, points.size(), points);
  }

  private static Described described(Path run, boolean named) {
    JsonNode metadata = json(new RunFolder(run).runMetadata());
    Map<String, Object> sweep = new LinkedHashMap<>();
    metadata
        .path("sweep_params")
        .properties()
        .forEach(e -> sweep.put(e.getKey(), MAPPER.convertValue(e.getValue(), Object.class)));
    if (sweep.isEmpty() && named) {
      sweep.put(FOLDER, run.getFileName().toString());
    }
    return new Described(run, metadata.path("run_index").asInt(0), sweep, metadata);
  }

  private static Provenance provenance(List<Described> runs, Map<String, String> labels) {
    Described first = runs.get(0);
    JsonNode base = first.metadata().path("base_config");
    Map<String, Object> values = new LinkedHashMap<>();
    base.properties()
        .forEach(e -> values.put(e.getKey(), MAPPER.convertValue(e.getValue(), Object.class)));
    TokenCount tokens = TokenCount.of(values, text(base, "model"), text(base, "tokenizer"));
    return new Provenance(
        all(runs, "url", ForeignTree::target),
        all(runs, "model", model -> model),
        text(base, "endpoint_type"),
        all(runs, "tokenizer", tokenizer -> tokenizer),
        base.isMissingNode() ? "" : tokens.message(),
        base.isMissingNode() || tokens.trusted(),
        AiperfExport.read(first.folder()).export().map(AiperfExport::aiperfVersion).orElse(""),
        text(first.metadata(), "caravan_version"),
        text(first.metadata(), "host"),
        text(first.metadata(), "timestamp"),
        "",
        labels,
        text(first.metadata(), "config_file"),
        "");
  }

  private interface Reading {
    String of(String text);
  }

  private static String all(List<Described> runs, String key, Reading reading) {
    return runs.stream()
        .map(
            run ->
                run.sweep().containsKey(key)
                    ? String.valueOf(run.sweep().get(key))
                    : text(run.metadata().path("base_config"), key))
        .filter(text -> !text.isEmpty())
        .map(reading::of)
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
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      return MAPPER.createObjectNode(); // absent or torn: the folder's name has to do
    }
  }
}
