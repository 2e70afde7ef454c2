package dev.caravan.pipeline.process;

import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Finds out which of aiperf's extras for sending results elsewhere are installed, by the folders of
 * its virtual environment: nothing is started. What is not known counts as installed.
 */
public final class AiperfExtras {

  /** An extra: its options begin with its name, and it needs this package. */
  private enum Extra {
    MLFLOW("mlflow", "mlflow"),
    WANDB("wandb", "wandb"),
    OTEL("otel", "opentelemetry/sdk");

    private final String name;
    private final String module;

    Extra(String name, String module) {
      this.name = name;
      this.module = module;
    }

    private boolean isOf(String option) {
      return option.startsWith(name + "_");
    }
  }

  private final Supplier<Optional<Path>> interpreter;

  /** Of the aiperf with this Python; empty if that is not known. */
  AiperfExtras(Supplier<Optional<Path>> interpreter) {
    this.interpreter = interpreter;
  }

  /** Of the aiperf that these settings name; nothing is known if other hosts execute the runs. */
  public static AiperfExtras of(Settings settings) {
    AiperfFinder aiperf = AiperfFinder.of(settings);
    return new AiperfExtras(
        () -> Role.of(settings).executes() ? aiperf.interpreter() : Optional.empty());
  }

  /** Of an aiperf of which nothing is known. */
  public static AiperfExtras unknown() {
    return new AiperfExtras(Optional::empty);
  }

  /**
   * A message that aiperf lacks what this option needs, and how to install it; empty if it does
   * not.
   */
  public Optional<String> missing(String option) {
    return Arrays.stream(Extra.values())
        .filter(extra -> extra.isOf(option))
        .filter(extra -> interpreter.get().filter(python -> lacks(python, extra)).isPresent())
        .map(extra -> missing(List.of(extra.name)))
        .findFirst();
  }

  /** A message that aiperf lacks these extras, and how to install them. */
  public static String missing(List<String> extras) {
    return "aiperf was installed without %s, which this config needs: run 'caravan setup --with %s'"
        .formatted(String.join(" and ", extras), String.join(",", extras));
  }

  private static boolean lacks(Path python, Extra extra) {
    try {
      List<Path> packages = packages(python);
      return packages.stream().anyMatch(folder -> Files.isDirectory(folder.resolve("aiperf")))
          && packages.stream().noneMatch(folder -> Files.exists(folder.resolve(extra.module)));
    } catch (IOException e) {
      return false; // not to be read: not known
    }
  }

  /** The folders of packages of a virtual environment; none if it uses those of the system, too. */
  private static List<Path> packages(Path python) throws IOException {
    Path environment = python.resolveSibling("..").normalize();
    Path configuration = environment.resolve("pyvenv.cfg");
    if (!Files.isRegularFile(configuration)
        || RegularFiles.text(configuration)
            .matches("(?s).*include-system-site-packages *= *true.*")) {
      return List.of();
    }
    List<Path> packages = new ArrayList<>();
    try (Stream<Path> versions = Files.list(environment.resolve("lib"))) {
      versions.map(version -> version.resolve("site-packages")).forEach(packages::add);
    }
    return packages;
  }
}
