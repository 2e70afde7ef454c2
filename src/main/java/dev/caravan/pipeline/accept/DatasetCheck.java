package dev.caravan.pipeline.accept;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.caravan.pipeline.accept.DatasetLines.Line;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Checks that aiperf can read a dataset: its first and last lines, and the files that it names.
 * aiperf itself reports a bad dataset only after its start, in every run.
 *
 * @param inputs the folders that files may be in
 */
record DatasetCheck(InputFiles inputs) {

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BYTE_ORDER_MARK = 0xEF;

  /** Formats that aiperf reads from all files of a folder. */
  private static final Set<String> OF_FOLDERS =
      Set.of("random_pool", "raw_payload", "sagemaker_data_capture", "weka_trace");

  /** Formats that are no lines of JSON. */
  private static final Set<String> NO_LINES =
      Set.of("burst_gpt_trace", "baseten_trace", "inputs_json", "weka_trace");

  /** Files that aiperf knows by their ending when no format is given. */
  private static final List<String> KNOWN_ENDINGS =
      List.of(".parquet", ".arrow", ".feather", ".csv");

  /**
   * Why aiperf cannot read the dataset in this format, or in the one it detects; empty if it can.
   */
  Optional<String> refusal(Path dataset, Optional<String> format) {
    try {
      if (!Files.isDirectory(dataset)) {
        return file(dataset, format);
      }
      return format.filter(f -> !OF_FOLDERS.contains(f)).isPresent()
          ? Optional.of("is a folder; custom_dataset_type " + format.get() + " takes a single file")
          : folder(dataset, format);
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  /** Why other machines cannot get the dataset from this one; empty if they can. */
  static Optional<String> notPortable(Path dataset) {
    try {
      return Files.isDirectory(dataset) || !DatasetMedia.of(dataset).isEmpty()
          ? Optional.of("consists of several files; workers can only get single files")
          : Optional.empty();
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  private Optional<String> folder(Path folder, Optional<String> format) throws IOException {
    List<Path> files = InputFiles.filesOf(folder);
    if (files.isEmpty()) {
      return Optional.of("is an empty folder");
    }
    boolean pool = format.filter("random_pool"::equals).isPresent();
    for (Path file : files) {
      Optional<String> why = pool || isRows(file) ? file(file, format) : Optional.empty();
      if (why.isPresent()) {
        return Optional.of(folder.relativize(file) + ": " + why.get());
      }
    }
    return Optional.empty();
  }

  private static boolean isRows(Path file) {
    return file.toString().endsWith(".jsonl");
  }

  private Optional<String> file(Path file, Optional<String> format) throws IOException {
    if (Files.size(file) == 0) {
      return Optional.of("is empty");
    }
    if (format.map(NO_LINES::contains).orElseGet(() -> isKnown(file))) {
      return Optional.empty();
    }
    Deque<Line> ends = firstAndLast(file);
    if (ends.isEmpty()) {
      return Optional.of("has only blank lines");
    }
    Optional<String> first = DatasetRow.refusal(ends.getFirst(), format);
    if (first.isPresent() && format.isEmpty() && isDocument(file)) {
      return Optional.empty();
    }
    Optional<String> lines = first.isPresent() ? first : DatasetRow.refusal(ends.getLast(), format);
    return lines.isPresent() ? lines : media(file);
  }

  private Optional<String> media(Path dataset) throws IOException {
    for (Path named : DatasetMedia.of(dataset)) {
      Optional<Path> found = inputs.findBeside(dataset, named);
      if (found.isEmpty()) {
        return Optional.of("names the file " + named + ", which " + inputs.lacking(dataset));
      }
    }
    return Optional.empty();
  }

  private static boolean isKnown(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return KNOWN_ENDINGS.stream().anyMatch(name::endsWith);
  }

  private static Deque<Line> firstAndLast(Path file) throws IOException {
    Deque<Line> ends = new ArrayDeque<>();
    DatasetLines.read(
        file,
        line -> {
          if (ends.size() > 1) {
            ends.removeLast();
          }
          return ends.add(line);
        });
    return ends;
  }

  /** A file that ends in .json may be one object over many lines. */
  private static boolean isDocument(Path file) throws IOException {
    if (!file.toString().endsWith(".json")) {
      return false;
    }
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file));
        JsonParser parser = JSON.createParser(in)) {
      in.mark(1);
      boolean marked = in.read() == BYTE_ORDER_MARK;
      in.reset();
      boolean object = !marked && parser.nextToken() == JsonToken.START_OBJECT;
      while (object && parser.nextToken() != null) {
        continue;
      }
      return object;
    } catch (JsonProcessingException e) {
      return false;
    }
  }
}
