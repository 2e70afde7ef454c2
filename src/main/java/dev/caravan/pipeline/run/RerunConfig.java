package dev.caravan.pipeline.run;

import dev.caravan.config.yaml.Mapping;
import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.representer.Representer;

/** Writes the config that repeats one run of a batch, as YAML. */
final class RerunConfig {

  private static final Logger LOG = LoggerFactory.getLogger(RerunConfig.class);
  private static final String COMPARE = "compare";
  private static final List<String> SECTIONS =
      List.of(
          "limits",
          "retry",
          "readiness",
          "worker",
          "priority",
          "cool_down",
          "checks",
          "vary_prompts",
          "hooks",
          "slo",
          COMPARE);

  private RerunConfig() {}

  /** The config, with the parameters of the run and the sections of its batch. */
  static String yaml(Run run) throws IOException {
    Batch batch = run.batch();
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("batch_name", batch.config().batchName());
    config.put("output_base_dir", batch.config().outputBaseDir());
    Map<String, Object> rerun = new LinkedHashMap<>();
    rerun.put("batch", batch.id());
    rerun.put("run_index", run.index());
    config.put("rerun", rerun);
    config.put("base_config", run.parameters().values());
    if (!run.labels().isEmpty()) {
      config.put("labels", run.labels());
    }
    if (batch.config().variesPrompts()) {
      config.put("vary_prompts", true); // with several runs it may be the default
    }
    config.putAll(sections(batch));
    if (batch.config().evaluation().ofOneRun().compare().isEmpty()) {
      config.remove(COMPARE);
    }
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(new Quoting(options), options).dump(config);
  }

  /** Quotes every string, since a plain string of one YAML version is a number in another. */
  private static final class Quoting extends Representer {

    Quoting(DumperOptions options) {
      super(options);
      representers.put(
          String.class,
          text -> representScalar(Tag.STR, (String) text, DumperOptions.ScalarStyle.DOUBLE_QUOTED));
      representers.put(Double.class, number -> representScalar(Tag.FLOAT, format((Double) number)));
      for (Class<?> node : List.of(ScalarNode.class, MappingNode.class, SequenceNode.class)) {
        representers.put(node, written -> (Node) written);
      }
    }
  }

  /** To PyYAML, a number with an unsigned exponent is a string. */
  private static String format(double number) {
    if (!Double.isFinite(number)) {
      return Double.isNaN(number) ? ".nan" : number > 0 ? ".inf" : "-.inf";
    }
    return Double.toString(number).replace("E-", "e-").replace("E", "e+");
  }

  /** The sections as YAML nodes, so that every value is written exactly as in the config. */
  private static Map<String, Object> sections(Batch batch) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(Integer.MAX_VALUE); // checked when accepted
    Map<String, Object> sections = new LinkedHashMap<>();
    try (InputStream in = RegularFiles.stream(batch.folder().resolve(BatchFolder.CONFIG))) {
      Node root = new Yaml(options).compose(new UnicodeReader(in));
      Node config =
          root instanceof MappingNode mapping ? batch.record().overrides().over(mapping) : root;
      for (String name : SECTIONS) {
        Mapping.find(config, name).ifPresent(node -> sections.put(name, node));
      }
    } catch (YAMLException e) {
      LOG.warn(
          "[{}] Cannot copy the config's sections into a dead letter: {}",
          batch.id(),
          e.toString());
    }
    return sections;
  }
}
