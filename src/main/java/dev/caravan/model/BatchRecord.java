package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.caravan.config.Overrides;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The content of {@code batch.json}: the plan of a batch as it was accepted. It never changes.
 *
 * @param schema version of this format
 * @param id {@code <batch_name>/<timestamp>}
 * @param owner the home and mode that execute it
 * @param claimId id of the claim that it was accepted from
 * @param acceptedAt RFC 3339 with offset
 * @param sequence number of the batch in its home's order of acceptance, from 1
 * @param priority 0 to 9; of the batches that wait for a target, the highest runs first
 * @param sourceFile file name of the config in the inbox, or its path in a one-shot run
 * @param submittedBy owner of the submitted file; null if unknown
 * @param sha256 SHA-256 of the config file
 * @param overrides what is set over the config file for this batch
 * @param runs number of runs
 * @param sweeps key that varies to its number of values, in the order of the config
 * @param labels the user's own labels
 * @param inputFiles the input files that the config refers to
 * @param versions versions of Caravan, aiperf (null if unknown) and Java
 * @param host name of the machine that accepted it
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record BatchRecord(
    int schema,
    String id,
    Owner owner,
    String claimId,
    String acceptedAt,
    long sequence,
    Integer priority,
    String sourceFile,
    String submittedBy,
    String sha256,
    Overrides overrides,
    int runs,
    Map<String, Integer> sweeps,
    Map<String, String> labels,
    List<InputFile> inputFiles,
    Versions versions,
    String host) {

  /** Priority of a batch whose config sets none; the JMS default. */
  public static final int DEFAULT_PRIORITY = 4;

  /** The order in which the batches of a target run: by priority, then by acceptance. */
  public static final Comparator<BatchRecord> DISPATCH_ORDER =
      Comparator.comparing(BatchRecord::priority)
          .reversed()
          .thenComparingLong(BatchRecord::sequence);

  /**
   * Of an edited file, fields that tell nothing essential may be absent, like the priority of a
   * record that was written before priorities existed.
   *
   * @throws IllegalArgumentException when an essential field is absent or not as Caravan writes it
   */
  public BatchRecord {
    require(id, "id");
    require(owner == null ? null : owner.home(), "owner.home");
    require(owner.mode(), "owner.mode");
    require(claimId, "claim_id");
    require(acceptedAt, "accepted_at");
    OffsetDateTime.parse(acceptedAt);
    priority = priority == null ? DEFAULT_PRIORITY : priority;
    sourceFile = Objects.toString(sourceFile, "");
    sha256 = Objects.toString(sha256, "");
    overrides = overrides == null ? Overrides.NONE : overrides;
    sweeps = withoutNulls(sweeps);
    labels = withoutNulls(labels);
    inputFiles =
        inputFiles == null ? List.of() : inputFiles.stream().filter(Objects::nonNull).toList();
    versions = versions == null ? new Versions("", null, "") : versions;
    host = Objects.toString(host, "");
  }

  private static void require(String value, String name) {
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
  }

  private static <V> Map<String, V> withoutNulls(Map<String, V> map) {
    Map<String, V> values = new LinkedHashMap<>(map == null ? Map.of() : map);
    values.values().removeIf(Objects::isNull);
    return Collections.unmodifiableMap(values);
  }

  /** The input file with this name in the config. */
  public Optional<InputFile> inputFile(String name) {
    return inputFiles.stream().filter(file -> name.equals(file.name())).findFirst();
  }

  /**
   * An input file as it was when the config was accepted.
   *
   * @param name name as written in the config
   * @param path path of the file
   * @param sha256 SHA-256 of its content
   * @param rows number of lines
   * @param filesSha256 SHA-256 of the names and sums of the files that its lines name; null if they
   *     name none
   */
  public record InputFile(String name, String path, String sha256, long rows, String filesSha256) {

    private static final int SHOWN = 16;

    /** What it holds, in words: equal for two files only if their prompts are. */
    public String content() {
      return "sha256 "
          + beginning(sha256)
          + (filesSha256 == null ? "" : ", " + beginning(filesSha256));
    }

    private static String beginning(String sum) {
      String text = Objects.toString(sum, "unknown");
      return text.substring(0, Math.min(SHOWN, text.length()));
    }

    /** The same file, with the sum of the files that it names. */
    public InputFile withFiles(String sum) {
      return new InputFile(name, path, sha256, rows, sum);
    }

    /** The same file elsewhere. */
    public InputFile at(Path elsewhere) {
      return new InputFile(name, elsewhere.toString(), sha256, rows, filesSha256);
    }
  }

  /** Versions of the software that runs a batch. */
  public record Versions(String caravan, String aiperf, String java) {

    /** Only the version of aiperf may be unknown when Caravan writes the record. */
    public Versions {
      caravan = Objects.toString(caravan, "");
      java = Objects.toString(java, "");
    }
  }
}
