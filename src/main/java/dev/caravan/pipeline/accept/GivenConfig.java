package dev.caravan.pipeline.accept;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.ConfigRules;
import dev.caravan.config.Overrides;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.config.yaml.YamlSource;
import dev.caravan.storage.FileFailures;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A config as given: a file, and the overrides set over it. Both travel as one file, so that no
 * crash can separate them: the overrides are its first line, a comment. That line is not part of
 * the config that is kept.
 *
 * @param file content of the config file, as its user wrote it
 * @param overrides what is set over it
 */
public record GivenConfig(byte[] file, Overrides overrides) {

  private static final ObjectReader LINE =
      Json.TYPED.readerFor(Overrides.class).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private static final String START = "# caravan-overrides: ";

  /** The most bytes that a line of overrides and a byte order mark take. */
  private static final int MAX_LINE = START.length() + Overrides.MAX_JSON_BYTES + 4;

  /** An editor may put it in front of the line. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  /**
   * Reads a config file, with the overrides in its first line if there are any; refuses one that is
   * too large or cannot be read.
   *
   * @param name its name for messages
   */
  public static GivenConfig read(Path path, String name) throws ConfigRefusedException {
    return of(bytes(path, name), name).checkedSize(name);
  }

  private static byte[] bytes(Path path, String name) throws ConfigRefusedException {
    try {
      requireSize(Files.size(path), YamlSource.MAX_BYTES + MAX_LINE, name);
      return Files.readAllBytes(path);
    } catch (NoSuchFileException e) {
      throw refused(name, "there is no such file");
    } catch (IOException e) {
      throw refused(name, unreadable(path, e));
    }
  }

  private static String unreadable(Path path, IOException failure) {
    return Files.isDirectory(path)
        ? "this is a folder; give the config in it"
        : "cannot be read: " + FileFailures.words(failure);
  }

  private static void requireSize(long size, long most, String name) throws ConfigRefusedException {
    if (size > most) {
      throw refused(name, "has " + size + " bytes; a config has at most " + YamlSource.MAX_BYTES);
    }
  }

  /** This config; refuses one that is too large to be accepted. */
  GivenConfig checkedSize(String name) throws ConfigRefusedException {
    requireSize(file.length, YamlSource.MAX_BYTES, name);
    return this;
  }

  private static ConfigRefusedException refused(String name, String message) {
    return new ConfigRefusedException(name, List.of(new Problem(0, 0, "", message)));
  }

  /** The config in these bytes, see {@link #read}. */
  public static GivenConfig of(byte[] bytes, String name) throws ConfigRefusedException {
    byte[] start = START.getBytes(StandardCharsets.UTF_8);
    int mark = startsWith(bytes, 0, BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
    if (!startsWith(bytes, mark, start)) {
      return new GivenConfig(bytes, Overrides.NONE);
    }
    int begin = mark + start.length;
    int end = begin;
    while (end < bytes.length && bytes[end] != '\n') {
      end++;
    }
    String list = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
    byte[] file = Arrays.copyOfRange(bytes, Math.min(end + 1, bytes.length), bytes.length);
    return new GivenConfig(file, overrides(list, name));
  }

  private static boolean startsWith(byte[] bytes, int at, byte[] start) {
    return bytes.length >= at + start.length
        && Arrays.equals(bytes, at, at + start.length, start, 0, start.length);
  }

  private static Overrides overrides(String list, String name) throws ConfigRefusedException {
    return parsed(list)
        .orElseThrow(
            () ->
                new ConfigRefusedException(
                    name,
                    List.of(
                        new Problem(
                            1,
                            1,
                            "",
                            "after \""
                                + START.strip()
                                + "\" there must be a JSON list of options, such as"
                                + " [\"--set base_config.concurrency=4\"]"))));
  }

  private static Optional<Overrides> parsed(String list) {
    try {
      return Optional.ofNullable(LINE.readValue(list));
    } catch (JsonProcessingException e) {
      return Optional.empty(); // refused
    }
  }

  /** The same config, with more overrides. */
  public GivenConfig with(Overrides more) {
    return new GivenConfig(file, overrides.then(more));
  }

  /** Checks it by these rules. */
  public BenchmarkConfig check(ConfigRules rules, String name) throws ConfigRefusedException {
    return new ConfigReader(rules).read(file, overrides, name);
  }

  /** Both in one file; the file itself without overrides. */
  public byte[] bytes() {
    if (!overrides.any()) {
      return file.clone();
    }
    byte[] line = (START + Json.line(overrides) + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(line, line.length + file.length);
    System.arraycopy(file, 0, both, line.length, file.length);
    return both;
  }
}
