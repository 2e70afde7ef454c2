package dev.caravan.fleet.hub;

import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Configs that came as messages, in {@code .caravan/submitted/}: each under an id made from what
 * its sender calls it, with the answer that was given, so that the same message twice makes one
 * batch. They never lie in the inbox, whose rules on keys are others.
 */
public final class SubmittedConfigs {

  private static final Duration KEPT = Duration.ofDays(30);
  private static final int ID_LENGTH = 20;

  private final Path folder;
  private final DurableFiles files;

  /** Answers older than 30 days are forgotten. */
  public SubmittedConfigs(Home home, DurableFiles files) throws IOException {
    this.folder = home.state().resolve("submitted");
    this.files = files;
    files.createDirectories(folder);
    Instant oldest = Instant.now().minus(KEPT);
    for (Path file : files.list(folder)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        files.delete(file);
      }
    }
  }

  /** The answer that was given to this message; empty when it was not answered yet. */
  public Optional<String> answer(String messageId) throws IOException {
    Path file = answerFile(messageId);
    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
  }

  /**
   * Keeps a config for as long as it is being accepted; on the disk when this returns.
   *
   * @param priority of the batch when the config names none
   * @param by who sent it
   */
  public Claim keep(String messageId, byte[] config, int priority, String by) throws IOException {
    String id = id(messageId);
    Path file = folder.resolve(id + ".yaml");
    files.writeWhole(file, config);
    FileOwner.record(file, by);
    return new Claim(id, "message-" + id + ".yaml", file, priority);
  }

  /** Says that the message became this batch; the answer. */
  public String accepted(String messageId, String batch) throws IOException {
    return answered(messageId, Map.of("result", "accepted", "batch", batch));
  }

  /** Says that the message was refused, and why; the answer. */
  public String refused(String messageId, List<String> problems) throws IOException {
    return answered(messageId, Map.of("result", "refused", "problems", problems));
  }

  private String answered(String messageId, Map<String, Object> answer) throws IOException {
    byte[] json = Json.file(new TreeMap<>(answer));
    files.writeWhole(answerFile(messageId), json);
    return new String(json, StandardCharsets.UTF_8);
  }

  private Path answerFile(String messageId) {
    return folder.resolve(id(messageId) + ".json");
  }

  private static String id(String messageId) {
    try {
      byte[] bytes = messageId.getBytes(StandardCharsets.UTF_8);
      byte[] sum = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(sum).substring(0, ID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
