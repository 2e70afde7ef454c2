package dev.caravan.fleet.worker;

import dev.caravan.model.BatchRecord;
import dev.caravan.pipeline.accept.InputFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** An input file as a worker has it: {@code datasets/<sha256>-<name>}, as submit puts it. */
final class WorkerInputFile {

  private WorkerInputFile() {}

  /** Its name in datasets/. */
  static String name(BatchRecord.InputFile file) {
    Path name = Path.of(file.name()).getFileName();
    String plain = name.toString();
    return plain.startsWith(file.sha256() + "-") ? plain : file.sha256() + "-" + plain;
  }

  /** Why the run cannot use it; empty when it is here and the same. */
  static Optional<String> hindrance(BatchRecord.InputFile file) throws IOException {
    Path here = Path.of(file.path());
    if (!Files.isRegularFile(here)) {
      return Optional.of("this worker lacks the input file " + here);
    }
    return InputFiles.describe(file.name(), here).sha256().equals(file.sha256())
        ? Optional.empty()
        : Optional.of("the input file " + here + " is not the one that was accepted");
  }
}
