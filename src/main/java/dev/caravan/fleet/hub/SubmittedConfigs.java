package dev.caravan.fleet.hub;

import dev.caravan.model.Claim;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.RegularFiles;
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
 * Configs that arrived as messages, in {@code .caravan/submitted/}: each with its reply, under an
 * id derived from the message id, so that a duplicate message creates no second batch. They never
 * enter the inbox, which has different rules for API keys.
 */
public final class SubmittedConfigs {

  private static final Duration RETENTION = Duration.ofDays(30);
  private static final int ID_LENGTH = 20;

  private final Path folder;
  private final DurableFiles files;

  /** Opens the folder and deletes what is older than 30 days. */
  public SubmittedConfigs(Home home, DurableFiles files) throws IOException {
    this.folder = home.state().resolve("submitted");
    this.files = files;
    files.createDirectories(folder);
    Instant oldest = Instant.now().minus(RETENTION);
    for (Path file : files.list(folder)) {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
        files.delete(file);
      }
    }
  }

  /** The reply that was given to this message; empty when there is none yet. */
  public Optional<String> reply(String messageId) throws IOException {
    Path file = replyFile(messageId);
    return RegularFiles.exists(file) ? Optional.of(RegularFiles.text(file)) : Optional.empty();
  }

  /**
   * Stores a config until it is accepted or refused; synced when this returns.
   *
   * @param priority priority of the batch when the config sets none
   * @param submittedBy the sender
   */
  public Claim store(String messageId, byte[] config, int priority, String submittedBy)
      throws IOException {
    String id = id(messageId);
    Path file = folder.resolve(id + ".yaml");
    files.writeWhole(file, config);
    FileOwner.record(file, submittedBy);
    return new Claim(id, "message-" + id + ".yaml", file, priority);
  }

  /** Stores and returns the reply that the config became this batch. */
  public String accepted(String messageId, String batch) throws IOException {
    return storeReply(messageId, Map.of("result", "accepted", "batch", batch));
  }

  /** Stores and returns the reply that the config was refused, with its problems. */
  public String refused(String messageId, List<String> problems) throws IOException {
    return storeReply(messageId, Map.of("result", "refused", "problems", problems));
  }

  private String storeReply(String messageId, Map<String, Object> reply) throws IOException {
    byte[] json = Json.file(new TreeMap<>(reply));
    files.writeWhole(replyFile(messageId), json);
    return new String(json, StandardCharsets.UTF_8);
  }

  private Path replyFile(String messageId) {
    return folder.resolve(id(messageId) + ".json");
  }

  private static String id(String messageId) {
    try {
      byte[] bytes = messageId.getBytes(StandardCharsets.UTF_8);
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return HexFormat.of().formatHex(digest).substring(0, ID_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
