package dev.caravan.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What {@code batch.json} holds: the plan of a batch as it was accepted. It never changes.
 *
 * @param schema version of this shape
 * @param id {@code <batch_name>/<timestamp>}
 * @param owner who executes it
 * @param claimId id of the claim it came from
 * @param acceptedAt RFC 3339 with offset
 * @param sequence order of acceptance in its home, from 1
 * @param priority 0 to 9; of two batches of one target that of the higher one goes first
 * @param sourceFile name of the config as it was dropped, or its path in a one-shot run
 * @param submittedBy who dropped or ran it: the file's owner; null when that cannot be told
 * @param sha256 of the config's bytes
 * @param runs how many runs it has
 * @param sweeps number of values by sweep key, in the order they were written
 * @param labels the user's own labels
 * @param inputFiles the input files that the config names
 * @param versions of Caravan, aiperf (null when it could not be asked) and Java
 * @param host name of the machine
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
    int runs,
    Map<String, Integer> sweeps,
    Map<String, String> labels,
    List<InputFile> inputFiles,
    Versions versions,
    String host) {

  /** Of a batch that asks for none, as JMS has it. */
  public static final int DEFAULT_PRIORITY = 4;

  /** The order in which batches of one target are served. */
  public static final Comparator<BatchRecord> SERVED =
      Comparator.comparing(BatchRecord::priority)
          .reversed()
          .thenComparingLong(BatchRecord::sequence);

  /** A record that was written before there were priorities has none. */
  public BatchRecord {
    priority = priority == null ? DEFAULT_PRIORITY : priority;
  }

  /** The input file that the config calls so. */
  public Optional<InputFile> inputFile(String name) {
    return inputFiles.stream().filter(file -> file.name().equals(name)).findFirst();
  }

  /**
   * An input file as it was when the config was accepted.
   *
   * @param name as the config names it
   * @param path where it lies
   * @param sha256 of its bytes
   * @param rows its lines
   */
  public record InputFile(String name, String path, String sha256, long rows) {}

  /** Versions of what runs a batch. */
  public record Versions(String caravan, String aiperf, String java) {}
}
