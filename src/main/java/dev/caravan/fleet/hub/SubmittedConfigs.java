package dev.caravan.fleet.hub;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.model.Claim;
import dev.caravan.storage.DamagedFileException;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.RegularFiles;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configs that arrived as messages, in {@code .caravan/submitted/}: each with its reply, under an
 * id derived from the message id, so that a duplicate message creates no second batch. They never
 * enter the inbox, which has different rules for API keys.
 */
public final class SubmittedConfigs {

  private static final Logger LOG = LoggerFactory.getLogger(SubmittedConfigs.class);
  private static final Duration RETENTION = Duration.ofDays(30);
  private static final int ID_LENGTH = 20;
  private static final String REFUSED = "refused";

  private final Path folder;
  private final DurableFiles files;

  /** What the sender of a config is told. */
  @JsonInclude(JsonInclude.Include.NON_EMPTY)
  private record Reply(String batch, String configSha256, List<String> problems, String result) {}

  /** Opens the folder and deletes what is older than 30 days. */
  public SubmittedConfigs(Home home, DurableFiles files) throws IOException {
    this.folder = StateFolder.SUBMITTED.in(home);
    this.files = files;
    files.createDirectories(folder);
    new Leftovers(files).deleteUnchanged(folder, RETENTION);
  }

  /**
   * The reply to a message whose id was seen before: the reply that was given, or a refusal when
   * the id belongs to another config. Empty when there is none yet.
   *
   * @throws IOException when the reply that was given cannot be read at the moment
   */
  public Optional<String> reply(String messageId, byte[] config) throws IOException {
    Path file = replyFile(messageId);
    if (RegularFiles.isAbsent(file)) {
      return Optional.empty();
    }
    try {
      String given = RegularFiles.text(file);
      String answered = Json.read(given, Reply.class).configSha256();
      return Optional.of(
          answered == null
                  || answered.equals(DigestUtils.sha256Hex(config)) // replies had none at first
              ? given
              : refusal("this id was used for another config; give each config its own"));
    } catch (DamagedFileException | IllegalArgumentException e) {
      LOG.warn(
          "Sending a new reply because the stored one is damaged: {}: {}", file, e.getMessage());
      files.setAside(file);
      return Optional.empty();
    }
  }

  /** The reply that a message of this kind is refused; it is not stored. */
  public static String refusal(String problem) {
    return text(new Reply("", null, List.of(problem), REFUSED));
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
  public String accepted(String messageId, byte[] config, String batch) throws IOException {
    return store(messageId, new Reply(batch, DigestUtils.sha256Hex(config), List.of(), "accepted"));
  }

  /** Stores and returns the reply that the config was refused, with its problems. */
  public String refused(String messageId, byte[] config, List<String> problems) throws IOException {
    return store(messageId, new Reply("", DigestUtils.sha256Hex(config), problems, REFUSED));
  }

  private String store(String messageId, Reply reply) throws IOException {
    String text = text(reply);
    files.writeWhole(replyFile(messageId), text.getBytes(StandardCharsets.UTF_8));
    return text;
  }

  private static String text(Reply reply) {
    return new String(Json.file(reply), StandardCharsets.UTF_8);
  }

  private Path replyFile(String messageId) {
    return folder.resolve(id(messageId) + ".json");
  }

  private static String id(String messageId) {
    return DigestUtils.sha256Hex(messageId.getBytes(StandardCharsets.UTF_8))
        .substring(0, ID_LENGTH);
  }
}
