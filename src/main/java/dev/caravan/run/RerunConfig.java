package dev.caravan.run;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Run;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.representer.Representer;

/** The config that runs one run of a batch again, as YAML. */
final class RerunConfig {

  private static final Logger LOG = LoggerFactory.getLogger(RerunConfig.class);
  private static final List<String> SECTIONS = List.of("limits", "retry", "readiness");
  private static final String MERGE = "<<";

  private RerunConfig() {}

  /** The config; reading it gives the parameters of the run and the sections of its batch. */
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
    if (!batch.config().labels().isEmpty()) {
      config.put("labels", batch.config().labels());
    }
    config.putAll(sections(batch));
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    return new Yaml(new Quoting(options), options).dump(config);
  }

  /** Quotes every text, since what reads as a text to one YAML is a number to another. */
  private static final class Quoting extends Representer {

    Quoting(DumperOptions options) {
      super(options);
      representers.put(
          String.class,
          text -> representScalar(Tag.STR, (String) text, DumperOptions.ScalarStyle.DOUBLE_QUOTED));
    }
  }

  /** Turns only those parts into values that are asked for: others may hold tags of the user's. */
  private static final class Parts extends SafeConstructor {

    Parts(LoaderOptions options) {
      super(options);
    }

    Object value(Node node) {
      return constructDocument(node);
    }
  }

  private static Map<String, Object> sections(Batch batch) throws IOException {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(Integer.MAX_VALUE); // it was accepted by our own limits
    Map<String, Object> kept = new LinkedHashMap<>();
    try (InputStream in = Files.newInputStream(batch.folder().resolve(Batch.CONFIG))) {
      Node root = new Yaml(options).compose(new UnicodeReader(in));
      if (root instanceof MappingNode whole) {
        whole.setValue(whole.getValue().stream().filter(t -> isKept(t.getKeyNode())).toList());
        Map<?, ?> values = (Map<?, ?>) new Parts(options).value(whole);
        SECTIONS.stream()
            .filter(name -> values.get(name) != null)
            .forEach(name -> kept.put(name, values.get(name)));
      }
    } catch (YAMLException e) {
      LOG.warn("[{}] A dead letter lacks the batch's own sections: {}", batch.id(), e.toString());
    }
    return kept;
  }

  private static boolean isKept(Node key) {
    return key instanceof ScalarNode scalar
        && (SECTIONS.contains(scalar.getValue()) || scalar.getValue().equals(MERGE));
  }
}
