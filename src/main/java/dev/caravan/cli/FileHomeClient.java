package dev.caravan.cli;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.Overrides;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.Plural;
import dev.caravan.config.yaml.ConfigRefusedException;
import dev.caravan.model.Batch;
import dev.caravan.model.plan.Sweep;
import dev.caravan.observe.compare.ReportComparisons;
import dev.caravan.observe.report.BatchEntry;
import dev.caravan.observe.report.BatchIndex;
import dev.caravan.observe.report.BatchReader;
import dev.caravan.observe.report.GracePeriodCheck;
import dev.caravan.observe.report.LateChecks;
import dev.caravan.observe.report.MarkdownReport;
import dev.caravan.observe.report.ReportData;
import dev.caravan.observe.report.ReportJson;
import dev.caravan.observe.report.ReportMetric;
import dev.caravan.observe.report.ReportPage;
import dev.caravan.observe.report.Reporter;
import dev.caravan.observe.report.ResultFolders;
import dev.caravan.pipeline.accept.BatchFinder;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.ControlRequest;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.pipeline.dispatch.ControlClient;
import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.UserCache;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Works on the files of a home, with or without a daemon. */
final class FileHomeClient implements HomeClient {

  private final Settings settings;
  private final Home home;

  /** A client for the home of these settings. */
  FileHomeClient(Settings settings) {
    this.settings = settings;
    this.home = new Home(settings.home());
  }

  @Override
  public String cancel(String name, Map<String, String> where, String why)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient client = new ControlClient(settings);
    ControlClient.BatchOrRun named = client.resolve(name);
    Batch batch = named.batch();
    List<Integer> runs = named.run().stream().toList();
    if (!where.isEmpty()) {
      runs = new RunSelection(where, RunSelection.Ends.NONE).of(batch, runs);
    }
    client.preconditions().requireCancellable(batch, runs);
    ControlRequest request = ControlClient.request(Action.CANCEL, why).forBatch(batch.folder());
    return "Cancel "
        + (runs.isEmpty() ? batch.id() : which(batch, runs))
        + ": "
        + client.send(runs.isEmpty() ? request : request.forRuns(runs, false));
  }

  @Override
  public String retry(String name, RunSelection selection, boolean force, String why)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient client = new ControlClient(settings);
    ControlClient.BatchOrRun named = client.resolve(name);
    Batch batch = named.batch();
    List<Integer> selected = selection.of(batch, named.run().stream().toList());
    List<Integer> chosen =
        named.run().isPresent()
            ? selected
            : client.preconditions().repeatable(batch, selected, force);
    client.preconditions().requireRerunnable(batch, chosen, force);
    ControlRequest request =
        ControlClient.request(Action.RETRY, why).forBatch(batch.folder()).forRuns(chosen, force);
    return "Retry " + which(batch, chosen) + ": " + client.send(request);
  }

  private static String which(Batch batch, List<Integer> runs) {
    return runs.size() == 1
        ? batch.run(runs.get(0)).id()
        : Plural.runs(runs.size()) + " of " + batch.id();
  }

  @Override
  public String pauseOrResume(
      Action action, Optional<String> name, Optional<String> target, String why)
      throws ControlRefusedException, IOException, InterruptedException {
    ControlClient client = new ControlClient(settings);
    ControlRequest request = ControlClient.request(action, why);
    String what = target.orElse(EVERYTHING);
    if (target.isPresent()) {
      request = request.forTarget(target.get());
    }
    if (name.isPresent()) {
      ControlClient.BatchOrRun named = client.resolve(name.get());
      if (named.run().isPresent()) {
        throw new ControlRefusedException(NOT_A_RUN);
      }
      client.preconditions().requireUnfinished(named.batch());
      request = request.forBatch(named.batch().folder());
      what = named.batch().id();
    }
    Optional<String> broken = request.problem();
    if (broken.isPresent()) {
      throw new ControlRefusedException(broken.get());
    }
    return HomeClient.done(action, what, client.send(request));
  }

  @Override
  public HomeStatus status() throws IOException {
    return HomeStatus.of(settings);
  }

  @Override
  public List<BatchEntry> batches(List<Path> folders) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw new IOException("there is no folder " + folder);
      }
      found.addAll(ResultFolders.batches(folder.toAbsolutePath().normalize()));
    }
    return new BatchIndex(cache(), new BatchReader())
        .entries(folders.isEmpty() ? BatchFinder.of(settings).all() : found);
  }

  /** The cache file: in the home when there is one, else in the user's cache folder (XDG). */
  private Path cache() {
    if (Files.isDirectory(home.state())) {
      return BatchIndex.of(home);
    }
    return UserCache.of(settings.environment()).batchIndex();
  }

  @Override
  public Report report(List<String> names, ReportFormat format, List<ReportMetric> metrics)
      throws IOException {
    List<Path> folders = folders(names);
    Reporter reporter = new Reporter(new BatchReader(LateChecks.now()));
    ReportData data =
        (format == ReportFormat.HTML ? reporter.report(folders) : reporter.overview(folders))
            .with(ReportComparisons.of(settings, folders, metrics));
    String text =
        switch (format) {
          case HTML -> new ReportPage().html(data);
          case MD -> new MarkdownReport(data, metrics).text();
          case JSON -> ReportJson.of(data) + "\n";
        };
    return new Report(text, reportFolder(folders, names));
  }

  /**
   * The folder of a batch of Caravan, or the named folder; the working directory for several, and
   * for a tree of another program.
   */
  private static Path reportFolder(List<Path> folders, List<String> names) {
    if (!folders.stream().allMatch(ResultFolders::isBatch)) {
      return Path.of("");
    }
    if (folders.size() == 1) {
      return folders.get(0);
    }
    boolean isNamed = names.size() == 1 && Files.isDirectory(Path.of(names.get(0)));
    return Path.of(isNamed ? names.get(0) : "");
  }

  private List<Path> folders(List<String> names) throws IOException {
    BatchFinder finder = BatchFinder.of(settings);
    Path here = Path.of("").toAbsolutePath();
    List<Path> folders = new ArrayList<>();
    for (String name : names) {
      Optional<Path> batch = finder.find(name, here);
      List<Path> found =
          batch.isPresent()
              ? List.of(batch.get())
              : Files.isDirectory(here.resolve(name))
                  ? ResultFolders.batches(here.resolve(name))
                  : List.of();
      if (found.isEmpty()) {
        throw new IOException(
            "there is no batch \"" + name + "\", and no folder that contains batches");
      }
      folders.addAll(found);
    }
    return folders;
  }

  @Override
  public String validate(Path file, Overrides overrides, Consumer<String> warn)
      throws ConfigRefusedException {
    Sweep sweep = new Sweep(new ConfigFiles(settings).read(file, overrides, warn));
    return Plural.runs(sweep.runs(), sweep.search().isPresent());
  }

  @Override
  public void plan(Path file, Overrides overrides, PrintWriter out, Consumer<String> warn)
      throws ConfigRefusedException, IOException {
    ConfigFiles configs = new ConfigFiles(settings);
    BenchmarkConfig config = configs.read(file, overrides, warn);
    new PlanPrinter(configs, out).print(config);
    new GracePeriodCheck(new BatchReader()).warning(config, configs.parent(config)).ifPresent(warn);
  }

  @Override
  public Submission submit(Path file, Overrides overrides)
      throws ConfigRefusedException, IOException {
    return new InboxFile(home, new InboxSubmission(home).submit(file, overrides));
  }

  @Override
  public FollowedBatch batch(Optional<String> name) throws IOException {
    BatchFinder finder = BatchFinder.of(settings);
    Optional<Path> folder =
        name.isPresent()
            ? finder.find(name.get(), Path.of("").toAbsolutePath())
            : finder.unfinished().stream().findFirst();
    if (folder.isEmpty()) {
      throw new IOException(
          name.map(n -> "there is no batch \"" + n + "\"").orElse("no unfinished batch here"));
    }
    return new LocalFollowedBatch(home, new BatchStore(new DurableFiles()).load(folder.get()));
  }

  @Override
  public void write(RunOutputs outputs, List<Batch> batches) throws IOException {
    outputs.write(batches.stream().map(Batch::folder).toList());
  }
}
