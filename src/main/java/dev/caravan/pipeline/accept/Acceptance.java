package dev.caravan.pipeline.accept;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Rerun;
import dev.caravan.config.RunMatrix;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.settings.Version;
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
import dev.caravan.pipeline.process.AiperfFinder;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.FileOwner;
import dev.caravan.storage.JsonTimes;
import dev.caravan.storage.LocalHost;
import dev.caravan.storage.ProcessUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;

/** Turns a config into a batch, or refuses it with all of its problems. */
public final class Acceptance {

  private static final int SCHEMA = 1;

  private final BatchStore batches;
  private final OpenBatches open;
  private final Owner owner;
  private final String caravanVersion;
  private final Supplier<Optional<String>> aiperfVersion;

  /** Accepts configs for the aiperf found here, or for any if only workers execute runs. */
  public static Acceptance of(
      Settings settings, BatchStore batches, OpenBatches open, Owner owner, AiperfFinder aiperf) {
    Supplier<Optional<String>> version =
        Role.of(settings).executes() ? aiperf::version : Optional::empty;
    return new Acceptance(batches, open, owner, Version.CARAVAN, version);
  }

  /**
   * Accepts configs for one owner.
   *
   * @param aiperfVersion queried once per batch; empty when aiperf gives no version
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

  /**
   * Turns the claimed config into a batch. Accepting the same claim again returns the same batch.
   *
   * @throws ConfigRefusedException with every problem found
   */
  public AcceptedBatch accept(Claim claim, SourceRules rules)
      throws ConfigRefusedException, IOException {
    Optional<Batch> existing = findAccepted(claim);
    if (existing.isPresent()) {
      return AcceptedBatch.newBatch(existing.get(), request(claim));
    }
    GivenConfig given = GivenConfig.read(claim.file(), claim.name());
    BenchmarkConfig config = given.check(rules, claim.name());
    Optional<AcceptedBatch> rerun = rerun(config, rules, claim);
    return rerun.isPresent()
        ? rerun.get()
        : AcceptedBatch.newBatch(createBatch(claim, given, config, rules), request(claim));
  }

  private Batch createBatch(
      Claim claim, GivenConfig given, BenchmarkConfig config, SourceRules rules)
      throws ConfigRefusedException, IOException {
    Path parent = rules.outputs().batches(config.outputBaseDir(), config.batchName());
    BatchFolderCheck.requireUsable(parent, claim.name());
    open.outputs().remember(parent.getParent());
    OpenBatches.Entry entry = open.add(claim.id(), parent);
    List<BatchRecord.InputFile> inputs = inputs(config, rules.inputs());
    return batches.create(
        open.outputs(),
        parent,
        claim.id(),
        given.file(),
        config,
        id -> record(id, claim, given, config, entry.sequence(), inputs));
  }

  /** Turns a config that is already checked, and not in the inbox, into a batch. */
  public Batch acceptFile(Path file, GivenConfig given, BenchmarkConfig config, SourceRules rules)
      throws ConfigRefusedException, IOException {
    Path parent = rules.outputs().batches(config.outputBaseDir(), config.batchName());
    Claim claim = new Claim(Claim.newId(), file.toString(), file);
    BatchFolderCheck.requireUsable(parent, claim.name());
    List<BatchRecord.InputFile> inputs = inputs(config, rules.inputs());
    open.outputs().remember(parent.getParent());
    return batches.create(
        open.outputs(),
        parent,
        claim.id(),
        given.file(),
        config,
        id -> record(id, claim, given, config, 1, inputs));
  }

  /**
   * The run that a dead letter names. Empty when its batch is gone or belongs to another Caravan,
   * or when the dead letter was edited so that it describes another run: then it becomes a new
   * batch.
   */
  private Optional<AcceptedBatch> rerun(BenchmarkConfig config, SourceRules rules, Claim claim)
      throws ConfigRefusedException, IOException {
    if (config.rerun().isEmpty()) {
      return Optional.empty();
    }
    Rerun rerun = config.rerun().get();
    Path folder = rules.outputs().resolve(config.outputBaseDir()).resolve(rerun.batch());
    if (!rules.outputs().contains(folder)) {
      throw refused(claim.name(), "rerun.batch is outside the results roots: " + rerun.batch());
    }
    if (!Files.isRegularFile(folder.resolve(BatchFolder.RECORD))) {
      return Optional.empty();
    }
    Batch batch = batches.load(folder);
    if (!batch.hasRun(rerun.runIndex())) {
      throw refused(claim.name(), batch.id() + " has no run " + rerun.runIndex());
    }
    if (!batch.record().owner().equals(owner) || !describes(config, batch.run(rerun.runIndex()))) {
      return Optional.empty();
    }
    open.ensure(batch);
    return Optional.of(new AcceptedBatch(batch, OptionalInt.of(rerun.runIndex()), request(claim)));
  }

  private static boolean describes(BenchmarkConfig config, Run run) {
    BenchmarkConfig original = run.batch().config();
    return config.matrix().equals(RunMatrix.SINGLE)
        && config.batchName().equals(original.batchName())
        && config.labels().equals(run.labels())
        && config.base().values().equals(run.parameters().values())
        && config.execution().withoutRerun().equals(original.execution().withoutRerun())
        && config.evaluation().equals(original.evaluation().ofOneRun());
  }

  private static Control.Order request(Claim claim) {
    return new Control.Order(
        FileOwner.of(claim.file()).orElse("unknown"), "dropped as " + claim.name(), claim.id());
  }

  private Optional<Batch> findAccepted(Claim claim) throws IOException {
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
      GivenConfig given,
      BenchmarkConfig config,
      long sequence,
      List<BatchRecord.InputFile> inputs)
      throws IOException {
    Map<String, Integer> sweeps = new LinkedHashMap<>();
    config.varied().forEach((key, values) -> sweeps.put(key, values.size()));
    int runs = new Sweep(config).runs();
    return new BatchRecord(
        SCHEMA,
        id,
        owner,
        claim.id(),
        JsonTimes.text(OffsetDateTime.now()),
        sequence,
        config.priority().orElse(claim.priority()),
        claim.name(),
        submittedBy(claim).orElse(null),
        InputFiles.sha256(given.file()),
        given.overrides(),
        runs,
        sweeps,
        config.labels(),
        inputs,
        new BatchRecord.Versions(
            caravanVersion, aiperfVersion.get().orElse(null), System.getProperty("java.version")),
        LocalHost.name());
  }

  /** For a one-shot run, the user who runs it: the config file may belong to another user. */
  private Optional<String> submittedBy(Claim claim) {
    return owner.mode().equals(Owner.ONE_SHOT)
        ? Optional.of(ProcessUser.name())
        : FileOwner.of(claim.file());
  }

  private List<BatchRecord.InputFile> inputs(BenchmarkConfig config, InputFiles files)
      throws IOException {
    Set<String> names = new LinkedHashSet<>();
    config.values("input_file").forEach(name -> names.add((String) name));
    List<BatchRecord.InputFile> described = new ArrayList<>();
    for (String name : names) {
      Path file =
          files.find(name).orElseThrow(() -> new IOException("input file not found: " + name));
      described.add(files.describeAll(name, file));
    }
    return described;
  }

  private static ConfigRefusedException refused(String name, String message) {
    return new ConfigRefusedException(name, List.of(new Problem(0, 0, "", message)));
  }
}
