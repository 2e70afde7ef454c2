package dev.caravan.run;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Home;
import dev.caravan.batch.Run;
import dev.caravan.batch.Tree;
import dev.caravan.result.Outcome;
import dev.caravan.result.ProcessResult;
import dev.caravan.result.ProcessResult.Head;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Writes a run that used up its attempts as a config which can be dropped again as it is and runs
 * only that run. What happened stands in comments at its top, which no value can break out of.
 */
public final class RunDeadLetters {

  private static final List<String> KEPT_SECTIONS = List.of("limits", "retry", "readiness");
  private static final Set<Outcome> LETTERS = Set.of(Outcome.FAILED, Outcome.TIMED_OUT);
  private static final int TAIL_LINES = 20;

  private final Home home;
  private final Tree tree;

  public RunDeadLetters(Home home, Tree tree) {
    this.home = home;
    this.tree = tree;
  }

  /** Writes the letter of a run that ended so; nothing in a home that has no inbox. */
  void write(Run run, ProcessResult result) throws IOException {
    if (!LETTERS.contains(result.head().status()) || !Files.isDirectory(home.inbox())) {
      return;
    }
    tree.createDirectories(home.dead());
    String text = comments(run, result) + config(run);
    tree.writeWhole(file(run), text.getBytes(StandardCharsets.UTF_8));
  }

  /** The config that runs only this run again, as YAML. */
  public static String config(Run run) throws IOException {
    Batch batch = run.batch();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("batch_name", batch.config().batchName());
    config.put("output_base_dir", batch.config().outputBaseDir());
    config.put("rerun", Map.of("batch", batch.id(), "run_index", run.index()));
    config.put("base_config", run.parameters().values());
    if (!batch.config().labels().isEmpty()) {
      config.put("labels", batch.config().labels());
    }
    config.putAll(sections(batch.folder()));
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    return new Yaml(options).dump(config);
  }

  private Path file(Run run) {
    String id = run.batch().id().replace('/', '.');
    return home.dead().resolve(id + "." + run.index() + ".yaml");
  }

  private String comments(Run run, ProcessResult result) {
    Head head = result.head();
    String cause = head.cause().isEmpty() ? "" : ", " + head.cause();
    String top =
        "Dead letter of "
            + run.id()
            + "\n"
            + head.status().word()
            + cause
            + " in attempt "
            + head.attempt()
            + "\n"
            + String.join("\n", head.reasons())
            + "\nIts folder: "
            + home.shown(run.folder())
            + "\nDrop this file into inbox/ to run it again.\nThe end of its stderr:\n"
            + tail(result.stderr());
    return top.lines().map(RunDeadLetters::comment).collect(Collectors.joining("\n")) + "\n";
  }

  /**
   * One comment line: whatever YAML takes for a line break, or a terminal for an order, is gone.
   */
  private static String comment(String line) {
    return ("# " + line.replaceAll("[\\p{Cntrl}\\u0085\\u2028\\u2029]", " ")).stripTrailing();
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
  }

  private static Map<String, Object> sections(Path batchFolder) throws IOException {
    LoaderOptions options = new LoaderOptions();
    Map<String, Object> kept = new LinkedHashMap<>();
    String text = Files.readString(batchFolder.resolve(Batch.CONFIG));
    if (new Yaml(new SafeConstructor(options)).load(text) instanceof Map<?, ?> whole) {
      for (String name : KEPT_SECTIONS) {
        if (whole.get(name) != null) {
          kept.put(name, whole.get(name));
        }
      }
    }
    return kept;
  }
}
