package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.process.ProcessExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;

/** Run folders recorded from the real AIPerf 0.13.0, with only a few requests each. */
public final class Recording {

  private static final OffsetDateTime START = OffsetDateTime.parse("2026-11-24T19:20:40+01:00");

  private Recording() {}

  public static Path folder(String name) {
    try {
      return Path.of(Recording.class.getResource("/aiperf-0.13.0/" + name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How the process of this recording ended. */
  public static ProcessExit exit(String name) {
    try {
      return exited(Integer.parseInt(Files.readString(folder(name).resolve("exit")).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ProcessExit exited(int code) {
    return exit(ProcessExit.How.EXITED, code, "");
  }

  public static ProcessExit exit(ProcessExit.How how, int code, String message) {
    return new ProcessExit(how, code, message, START, START.plusSeconds(8), Duration.ofSeconds(8));
  }
}
