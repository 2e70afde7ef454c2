package dev.caravan.pipeline.accept;

import dev.caravan.config.ConfigRules;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What configs of one source may ask for.
 *
 * @param furtherOptions aiperf options beyond the shipped list
 * @param maxRuns the most runs of a batch
 * @param keyPatterns key variables that may be named, with {@code *} as wildcard
 * @param keys where keys are looked up
 * @param keysElsewhere whether other machines have the keys, so that none must be set here
 * @param outputs where results may go
 * @param inputs where input files are looked for
 */
public record SourceRules(
    Set<String> furtherOptions,
    long maxRuns,
    List<String> keyPatterns,
    SecretStore keys,
    boolean keysElsewhere,
    OutputRoots outputs,
    InputFiles inputs)
    implements ConfigRules {

  @Override
  public boolean optionAllowed(String name) {
    return furtherOptions.stream().anyMatch(each -> plain(each).equals(name));
  }

  @Override
  public boolean secretAllowed(String variable) {
    return keyPatterns.stream().anyMatch(pattern -> matches(pattern, variable));
  }

  @Override
  public boolean secretSet(String variable) {
    return keysElsewhere || keys.value(variable).isPresent();
  }

  @Override
  public boolean secretTooShort(String variable) {
    return keys.value(variable)
        .filter(value -> value.length() < SecretStore.MIN_MASKED_LENGTH)
        .isPresent();
  }

  @Override
  public Optional<String> outputDirRefusal(String outputBaseDir) {
    return outputs.refusal(outputBaseDir);
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return inputs.refused(inputFile);
  }

  /** People write the property as they write flags. */
  private static String plain(String option) {
    return option.replaceFirst("^--", "").replace('-', '_');
  }

  private static boolean matches(String pattern, String variable) {
    try {
      return FileSystems.getDefault().getPathMatcher("glob:" + pattern).matches(Path.of(variable));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
