package dev.caravan.pipeline.outcome;

import dev.caravan.pipeline.process.ProcessExit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;

/** A run folder recorded from the real aiperf 0.13.0, its records cut down to a few. */
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

  /** How its process ended. */
  public static ProcessExit ended(String name) {
    try {
      return exited(Integer.parseInt(Files.readString(folder(name).resolve("exit")).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static ProcessExit exited(int code) {
    return ended(ProcessExit.How.EXITED, code, "");
  }

  public static ProcessExit ended(ProcessExit.How how, int code, String message) {
    return new ProcessExit(how, code, message, START, START.plusSeconds(8), Duration.ofSeconds(8));
  }
}
