package dev.caravan.pipeline.accept;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.ConfigReader;
import dev.caravan.config.Rerun;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.AcceptedBatch;
import dev.caravan.model.Batch;
import dev.caravan.model.BatchRecord;
import dev.caravan.model.Claim;
import dev.caravan.model.Control;
import dev.caravan.model.Owner;
import dev.caravan.model.Run;
import dev.caravan.model.plan.Sweep;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.LocalHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Turns a config into a batch, or says all that is wrong with it. */
public final class Acceptance {

  /** The largest config that is read, in bytes. */
  public static final long MAX_BYTES = 1 << 20;

  private static final int SCHEMA = 1;

  private final BatchStore batches;
  private final OpenBatches open;
  private final Owner owner;
  private final String caravanVersion;
  private final Supplier<Optional<String>> aiperfVersion;

  /**
   * Accepts for one owner.
   *
   * @param aiperfVersion asked once a batch; empty when aiperf cannot be asked
   */
  public Acceptance(
      BatchStore batches,
      OpenBatches open,
      Owner owner,
      String caravanVersion,
      Supplier<Optional<String>> aiperfVersion) {
    this.batches = batches;
    this.open = open;
    this.owner = owner;
    this.caravanVersion = caravanVersion;
    this.aiperfVersion = aiperfVersion;
  }

  /** The bytes of a config, refused when there are too many or none can be read. */
  public static byte[] read(Path file, String name) throws ConfigRefusedException {
    try {
      long size = Files.size(file);
      if (size > MAX_BYTES) {
        throw refused(name, "holds " + size + " bytes; a config has at most " + MAX_BYTES);
      }
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw refused(name, "there is no such file");
    } catch (IOException e) {
      throw refused(name, "cannot be read: " + e);
    }
  }

  /**
   * Makes the claimed config a batch. The same claim becomes the same batch, however often it is
   * accepted.
   *
   * @throws ConfigRefusedException with every problem found
   */
  public AcceptedBatch accept(Claim claim, SourceRules rules)
      throws ConfigRefusedException, IOException {
    Optional<Batch> before = acceptedBefore(claim);
    if (before.isPresent()) {
      return AcceptedBatch.newBatch(before.get(), order(claim));
    }
    byte[] bytes = read(claim.file(), claim.name());
    BenchmarkConfig config = new ConfigReader(rules).read(bytes, claim.name());
    Optional<AcceptedBatch> again = again(config, rules, claim);
    return again.isPresent()
        ? again.get()
        : AcceptedBatch.newBatch(fresh(claim, bytes, config, rules), order(claim));
  }

  private Batch fresh(Claim claim, byte[] bytes, BenchmarkConfig config, SourceRules rules)
      throws IOException {
    Path parent = rules.outputs().resolve(config.outputBaseDir()).resolve(config.batchName());
    OpenBatches.Entry entry = open.add(claim.id(), parent);
    List<BatchRecord.InputFile> inputs = inputs(config, rules.inputs());
    return batches.create(
        parent,
        claim.id(),
        bytes,
        config,
        id -> record(id, claim, bytes, config, entry.sequence(), inputs));
  }

  /** Makes a batch of a config that was checked already and lies nowhere in the inbox. */
  public Batch acceptNow(Path file, byte[] bytes, BenchmarkConfig config, SourceRules rules)
      throws IOException {
    Path parent = rules.outputs().resolve(config.outputBaseDir()).resolve(config.batchName());
    Claim claim = new Claim(Claim.newId(), file.toString(), file);
    List<BatchRecord.InputFile> inputs = inputs(config, rules.inputs());
    return batches.create(
        parent, claim.id(), bytes, config, id -> record(id, claim, bytes, config, 1, inputs));
  }

  /**
   * The run that a dead letter names. None when its batch is gone or another Caravan's, or when the
   * letter was edited and asks for something else now: then it is a config like any other.
   */
  private Optional<AcceptedBatch> again(BenchmarkConfig config, SourceRules rules, Claim claim)
      throws ConfigRefusedException, IOException {
    if (config.rerun().isEmpty()) {
      return Optional.empty();
    }
    Rerun rerun = config.rerun().get();
    Path folder = rules.outputs().resolve(config.outputBaseDir()).resolve(rerun.batch());
    if (!rules.outputs().contains(folder)) {
      throw refused(claim.name(), "rerun.batch leads out of the results roots: " + rerun.batch());
    }
    if (!Files.isRegularFile(folder.resolve(Batch.RECORD))) {
      return Optional.empty();
    }
    Batch batch = batches.load(folder);
    if (rerun.runIndex() >= batch.size()) {
      throw refused(claim.name(), batch.id() + " has no run " + rerun.runIndex());
    }
    if (!batch.record().owner().equals(owner) || !asksFor(config, batch.run(rerun.runIndex()))) {
      return Optional.empty();
    }
    open.ensure(batch);
    return Optional.of(new AcceptedBatch(batch, OptionalInt.of(rerun.runIndex()), order(claim)));
  }

  private static boolean asksFor(BenchmarkConfig config, Run run) {
    BenchmarkConfig before = run.batch().config();
    return config.sweeps().isEmpty()
        && config.base().values().equals(run.parameters().values())
        && config.limits().equals(before.limits())
        && config.retry().equals(before.retry())
        && config.readiness().equals(before.readiness())
        && config.pool().equals(before.pool());
  }

  private static Control.Order order(Claim claim) {
    return new Control.Order(
        FileOwner.of(claim.file()).orElse("unknown"), "dropped as " + claim.name(), claim.id());
  }

  private Optional<Batch> acceptedBefore(Claim claim) throws IOException {
    for (OpenBatches.Entry entry : open.entriesOf(claim.id())) {
      Optional<Path> folder = open.folder(entry);
      if (folder.isPresent()) {
        return Optional.of(batches.load(folder.get()));
      }
      batches.removeUnfinished(Path.of(entry.parent()), claim.id());
      open.forget(claim.id());
    }
    return Optional.empty();
  }

  private BatchRecord record(
      String id,
      Claim claim,
      byte[] bytes,
      BenchmarkConfig config,
      long sequence,
      List<BatchRecord.InputFile> inputs)
      throws IOException {
    Map<String, Integer> sweeps = new LinkedHashMap<>();
    config.sweeps().forEach((key, values) -> sweeps.put(key, values.size()));
    int runs = new Sweep(config).size();
    return new BatchRecord(
        SCHEMA,
        id,
        owner,
        claim.id(),
        OffsetDateTime.now().truncatedTo(ChronoUnit.MILLIS).toString(),
        sequence,
        config.priority().orElse(claim.priority()),
        claim.name(),
        submittedBy(claim).orElse(null),
        InputFiles.sha256(bytes),
        runs,
        sweeps,
        config.labels(),
        inputs,
        new BatchRecord.Versions(
            caravanVersion, aiperfVersion.get().orElse(null), System.getProperty("java.version")),
        LocalHost.name());
  }

  /** A config that was run in place may be somebody else's: then it is who runs it. */
  private Optional<String> submittedBy(Claim claim) {
    return owner.mode().equals(Owner.ONE_SHOT)
        ? Optional.ofNullable(System.getProperty("user.name"))
        : FileOwner.of(claim.file());
  }

  private List<BatchRecord.InputFile> inputs(BenchmarkConfig config, InputFiles files)
      throws IOException {
    Set<String> names = new LinkedHashSet<>();
    config.base().inputFile().ifPresent(names::add);
    config.sweeps().getOrDefault("input_file", List.of()).forEach(v -> names.add((String) v));
    List<BatchRecord.InputFile> measured = new ArrayList<>();
    for (String name : names) {
      Path file = files.find(name).orElseThrow(() -> new IOException("gone: " + name));
      measured.add(InputFiles.measure(name, file));
    }
    return measured;
  }

  private static ConfigRefusedException refused(String name, String message) {
    return new ConfigRefusedException(name, List.of(new Problem(0, 0, "", message)));
  }
}
