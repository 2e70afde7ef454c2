package dev.caravan.pipeline.run;

import dev.caravan.config.settings.Settings;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.HomeSecret;
import dev.caravan.storage.Json;
import dev.caravan.storage.SecretStore;
import dev.caravan.storage.StateFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Notes, in {@code .caravan/unmasked/}, which attempts have files that are not masked yet, and with
 * which API key they were started. After a kill they show whether the key that is set now can mask
 * these files.
 */
public final class KeyNotes {

  private static final int SCHEMA = 1;

  private final Home home;
  private final Path folder;
  private final DurableFiles files;
  private final SecretStore secrets;
  private final HomeSecret homeSecret;

  /** The notes of the home of these settings, which keeps its own files in {@code home}. */
  public static KeyNotes of(Settings settings, Home home, DurableFiles files) {
    return new KeyNotes(home, files, SecretStore.of(settings));
  }

  public KeyNotes(Home home, DurableFiles files, SecretStore secrets) {
    this.home = home;
    this.folder = StateFolder.UNMASKED.in(home);
    this.files = files;
    this.secrets = secrets;
    this.homeSecret = new HomeSecret(home, files);
  }

  /** Masks the API key that is set now for this run, and its other secrets. */
  public Masking masking(Run run) {
    return RunSecrets.masking(
        run.parameters().apiKeyEnvVar().flatMap(secrets::toMask), run.parameters());
  }

  /** Whether the run's files may contain a key that is not the one that is set now. */
  public boolean mayHoldAnotherKey(Run run) {
    return Files.exists(file(run), LinkOption.NOFOLLOW_LINKS)
        && note(run).filter(this::isKeyOf).isEmpty();
  }

  /** The files of this home that are withheld. */
  WithheldFiles withheld() {
    return new WithheldFiles(home, files);
  }

  /** Notes the key of an attempt that is about to start. */
  void add(Attempt attempt) throws IOException {
    Run run = attempt.task().run();
    Optional<Secret> key = attempt.key();
    if (key.isPresent()) {
      String digest = homeSecret.digest(key.get().value());
      files.createDirectories(folder);
      String place = home.display(run.folder());
      KeyNote note =
          new KeyNote(SCHEMA, run.id(), place, attempt.number(), key.get().variable(), digest);
      files.writePrivate(file(run), Json.file(note));
    }
  }

  /** Removes the note of an attempt whose files are masked, or withheld. */
  void remove(Run run) throws IOException {
    files.delete(file(run));
  }

  /** The note of the run's attempt; empty if there is none, or it cannot be read. */
  Optional<KeyNote> note(Run run) {
    try {
      return Optional.of(Json.read(file(run), KeyNote.class)).filter(KeyNote::isWhole);
    } catch (IOException absentOrDamaged) {
      return Optional.empty();
    }
  }

  /** A note that replaces one that cannot be read; no key fits it. */
  KeyNote unknown(Run run, int attempt) {
    String variable = run.parameters().apiKeyEnvVar().orElse("");
    return new KeyNote(SCHEMA, run.id(), home.display(run.folder()), attempt, variable, "");
  }

  /** Masks with the key of a note; empty if that key is not set any more. */
  Optional<Masking> masking(KeyNote note) {
    return isKeyOf(note)
        ? secrets.toMask(note.variable()).map(key -> new Masking(List.of(key)))
        : Optional.empty();
  }

  private boolean isKeyOf(KeyNote note) {
    return secrets
        .toMask(note.variable())
        .filter(key -> homeSecret.isDigestOf(key, note.digest()))
        .isPresent();
  }

  /** By the path below the home, so that the note is found after a move of the home. */
  private Path file(Run run) {
    byte[] place = home.display(run.folder()).getBytes(StandardCharsets.UTF_8);
    return folder.resolve(UUID.nameUUIDFromBytes(place) + ".json");
  }
}
