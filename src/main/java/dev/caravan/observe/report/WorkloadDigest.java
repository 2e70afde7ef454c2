package dev.caravan.observe.report;

import dev.caravan.config.Parameters;
import dev.caravan.config.RunMatrix;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord.InputFile;
import dev.caravan.storage.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * What a batch measures, as a digest that equal work shares: the parameters of its runs without the
 * place of the service, what their files of prompts hold, what varies their prompts, its bounds,
 * and the version of aiperf. Where the service is, labels, comments and repeats make no difference.
 */
final class WorkloadDigest {

  /** A batch may have 100,000 runs: of the later ones the varied values are enough. */
  private static final int MAX_RUNS = 1000;

  private WorkloadDigest() {}

  static String of(Batch batch) {
    Set<String> runs =
        batch
            .indexes()
            .limit(MAX_RUNS)
            .mapToObj(batch::run)
            .map(run -> run.place().variant() + text(run.parameters()))
            .collect(Collectors.toCollection(TreeSet::new));
    return DigestUtils.sha256Hex(
        Json.text(
            List.of(
                runs,
                batch.size(),
                batch.size() > MAX_RUNS ? later(batch) : "",
                batch.config().variesPrompts(),
                batch.config().evaluation().slo(),
                batch.record().inputFiles().stream().map(InputFile::content).sorted().toList(),
                Objects.toString(batch.record().versions().aiperf(), ""))));
  }

  private static String text(Parameters parameters) {
    return Json.text(new TreeMap<>(ParameterTexts.of(parameters)));
  }

  private static String later(Batch batch) {
    MessageDigest digest = DigestUtils.getSha256Digest();
    RunMatrix matrix = batch.config().matrix();
    matrix.variants().values().forEach(variant -> add(digest, text(variant.base())));
    add(digest, matrix.perConcurrency().toString());
    batch
        .indexes()
        .skip(MAX_RUNS)
        .mapToObj(batch::run)
        .forEach(run -> add(digest, run.place().variant() + run.sweepValues()));
    return Hex.encodeHexString(digest.digest());
  }

  private static void add(MessageDigest digest, String text) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    digest.update((byte) 0);
  }
}
