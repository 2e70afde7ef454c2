package dev.caravan.batch;

import com.fasterxml.jackson.annotation.JsonInclude;
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
    String sourceFile,
    String submittedBy,
    String sha256,
    int runs,
    Map<String, Integer> sweeps,
    Map<String, String> labels,
    List<InputFile> inputFiles,
    Versions versions,
    String host) {

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
