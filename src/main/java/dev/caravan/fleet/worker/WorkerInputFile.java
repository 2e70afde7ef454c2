package dev.caravan.fleet.worker;

import dev.caravan.model.BatchRecord;
import dev.caravan.pipeline.accept.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An input file on a worker: {@code datasets/<sha256>-<name>}, named as by {@code submit}. */
final class WorkerInputFile {

  private WorkerInputFile() {}

  /** The file's name in datasets/. */
  static String name(BatchRecord.InputFile file) {
    Path name = Path.of(file.name()).getFileName();
    String fileName = name.toString();
    return fileName.startsWith(file.sha256() + "-") ? fileName : file.sha256() + "-" + fileName;
  }

  /** Why the run cannot use the file; empty when it is present and unchanged. */
  static Optional<String> problem(BatchRecord.InputFile file) {
    Path local = Path.of(file.path());
    if (!Files.exists(local)) {
      return Optional.of("this worker does not have the input file " + local);
    }
    try {
      return InputFiles.describe(file.name(), local).sha256().equals(file.sha256())
          ? Optional.empty()
          : Optional.of("the input file " + local + " differs from the one that was accepted");
    } catch (IOException e) {
      return Optional.of("the input file " + local + " cannot be read: " + e.getMessage());
    }
  }
}
