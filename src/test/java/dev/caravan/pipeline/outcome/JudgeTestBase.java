package dev.caravan.pipeline.outcome;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.io.TempDir;

/** A folder with the files of an attempt that a test makes up. */
abstract class JudgeTestBase {

  static final BooleanSupplier READY = () -> true;

  @TempDir Path folder;

  void export(String singleQuoted) throws IOException {
    Files.writeString(
        folder.resolve("profile_export_aiperf.json"), singleQuoted.replace('\'', '"'));
  }

  void records(int times, String line) throws IOException {
    Files.writeString(folder.resolve("profile_export.jsonl"), line.repeat(times));
  }

  static String record(int code, String type, String message) {
    return "{\"metadata\":{\"benchmark_phase\":\"profiling\"},\"metrics\":{},\"error\":{\"code\":"
        + code
        + ",\"type\":\""
        + type
        + "\",\"message\":\""
        + message
        + "\"}}\n";
  }
}
