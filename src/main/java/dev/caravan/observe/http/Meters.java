package dev.caravan.observe.http;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.http.BatchCatalog.CatalogEntry;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
import dev.caravan.pipeline.outcome.checks.Check;
import dev.caravan.pipeline.outcome.checks.Checks;
import dev.caravan.pipeline.outcome.checks.Level;
import dev.caravan.pipeline.run.RunReport;
import dev.caravan.storage.Home;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The metrics that Prometheus scrapes. Tag values are limited to outcomes, causes, checks and
 * levels, so the number of series is fixed. The registry is created by the first scrape, or when
 * there is much to count: most homes are never scraped.
 */
final class Meters {

  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  private static final String NO_CAUSE = "none";
  private static final int MAX_BACKLOG = 1_000;

  private final WebContext context;
  private final BatchCatalog batchCatalog;
  private final List<Attempt> backlog = new ArrayList<>();
  private final FleetMeters fleet;
  private final IntSupplier streams;
  private PrometheusMeterRegistry registry;

  Meters(WebContext context, BatchCatalog batchCatalog, FleetMeters fleet, IntSupplier streams) {
    this.streams = streams;
    this.context = context;
    this.fleet = fleet;
    this.batchCatalog = batchCatalog;
    context.pageUpdates().onReport(this::receive);
  }

  void routes(Routes routes) {
    routes.on(
        "GET",
        "/observe/metrics",
        (request, path) ->
            HttpResponse.of(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                scrape().getBytes(StandardCharsets.UTF_8)));
  }

  private String scrape() {
    PrometheusMeterRegistry current = registry();
    fleet.refresh();
    return current.scrape();
  }

  private synchronized PrometheusMeterRegistry registry() {
    if (registry == null) {
      registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new JvmMemoryMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new UptimeMetrics().bindTo(registry);
      createGauges();
      createCounters();
      fleet.bindTo(registry);
      backlog.forEach(this::count);
      backlog.clear();
    }
    return registry;
  }

  /** Starts all counters at zero: Prometheus sees no increase in one that first appears as 1. */
  private void createCounters() {
    for (Outcome outcome : Outcome.values()) {
      counters(outcome.value(), NO_CAUSE).forEach(c -> c.increment(0));
      timer("caravan.run.duration", outcome);
    }
    for (Cause cause : Cause.values()) {
      counters(Outcome.FAILED.value(), cause.value()).forEach(c -> c.increment(0));
    }
    for (Check check : Checks.ALL) {
      counters(Outcome.INVALID.value(), check.id()).forEach(c -> c.increment(0));
      for (Level level : Level.values()) {
        findings(check.id(), level).increment(0);
      }
    }
    timer("caravan.run.overhead", Outcome.SUCCEEDED);
    timer("caravan.run.overhead", Outcome.DEGRADED);
  }

  private List<Counter> counters(String outcome, String cause) {
    return Stream.of("caravan.attempts", "caravan.runs")
        .map(name -> registry.counter(name, "outcome", outcome, "cause", cause))
        .toList();
  }

  private Counter findings(String id, Level level) {
    return registry.counter("caravan.findings", "id", id, "level", level.value());
  }

  private void createGauges() {
    Home home = context.home();
    gauge("caravan.runs.in.flight", "Runs being executed", this::underway);
    gauge("caravan.runs.waiting", "Runs of unfinished batches that have not ended", this::waiting);
    gauge("caravan.batches.open", "Unfinished batches", () -> open().size());
    gauge(
        "caravan.queue.oldest.age.seconds",
        "Age of the oldest unfinished batch",
        this::oldestSeconds);
    gauge("caravan.targets.parked", "Services that are not ready or busy", this::parked);
    gauge(
        "caravan.dead.letters",
        "Runs out of retries and unreadable messages",
        () -> count(home.dead()));
    gauge("caravan.inbox.waiting", "Files in the inbox", () -> count(home.inbox()));
    gauge("caravan.inbox.accepted", "Files of accepted configs", () -> count(home.done()));
    gauge("caravan.inbox.refused", "Files of refused configs", () -> problems(home.failed()));
    gauge(
        "caravan.disk.free.bytes",
        "Free space on the fullest disk that may hold results",
        context.disk()::freeBytes);
    gauge("caravan.http.readers", "Open event streams, those of pages included", streams::getAsInt);
    gauge("caravan.healthy", "1 if all health checks pass", this::healthy);
  }

  private void gauge(String name, String description, Callable<Number> value) {
    Gauge.builder(name, () -> valueOrNaN(value)).description(description).register(registry);
  }

  private static double valueOrNaN(Callable<Number> value) {
    try {
      return value.call().doubleValue();
    } catch (Exception e) {
      LOG.debug("No value for a metric", e);
      return Double.NaN;
    }
  }

  /**
   * An attempt that ended.
   *
   * @param last whether it was the run's last attempt
   * @param duration how long the run took if it was the last; empty when unknown
   * @param findings what the checks found if it was the last
   * @param measured the configured measuring time
   */
  private record Attempt(
      String outcome,
      String cause,
      boolean last,
      Optional<Duration> duration,
      List<Tag> findings,
      Duration measured) {}

  /** A finding as far as it is counted: there may be many in the backlog. */
  private record Tag(String check, Level level) {}

  /**
   * Counts an ended attempt, or keeps it until a scrape or many such attempts create the registry.
   */
  private synchronized void receive(RunReport report) {
    if (report.outcome().isEmpty()) {
      return;
    }
    Attempt attempt = attempt(report);
    if (registry != null) {
      count(attempt);
    } else {
      backlog.add(attempt);
      if (backlog.size() == MAX_BACKLOG) {
        registry();
      }
    }
  }

  private Attempt attempt(RunReport report) {
    String cause = report.cause().isEmpty() ? NO_CAUSE : report.cause();
    boolean last = report.kind() == RunReport.Kind.ENDED;
    try {
      Run run = context.batches().load(Path.of(report.batchFolder())).run(report.runIndex());
      Optional<Head> result = last ? ControlPreconditions.finalResult(run) : Optional.empty();
      return new Attempt(
          report.outcome(),
          cause,
          last,
          result.map(Head::duration),
          result.stream().flatMap(Meters::findings).toList(),
          run.parameters().benchmarkDuration().orElse(Duration.ZERO));
    } catch (IOException e) {
      LOG.debug("No result of {}", report.runId(), e);
      return new Attempt(report.outcome(), cause, last, Optional.empty(), List.of(), Duration.ZERO);
    }
  }

  /** The findings of known checks, since a worker may send any. */
  private static Stream<Tag> findings(Head result) {
    return result.checks().findings().stream()
        .filter(finding -> Checks.find(finding.id()).isPresent())
        .map(finding -> new Tag(finding.id(), finding.level()));
  }

  private void count(Attempt attempt) {
    List<Counter> counters = counters(attempt.outcome(), attempt.cause());
    counters.stream().limit(attempt.last() ? 2 : 1).forEach(Counter::increment);
    attempt.duration().ifPresent(duration -> recordDuration(attempt, duration));
    attempt.findings().forEach(tag -> findings(tag.check(), tag.level()).increment());
  }

  private void recordDuration(Attempt attempt, Duration duration) {
    Outcome outcome = Outcome.of(attempt.outcome());
    timer("caravan.run.duration", outcome).record(duration);
    if (outcome.isCompleted()) {
      Duration overhead = duration.minus(attempt.measured());
      timer("caravan.run.overhead", outcome)
          .record(overhead.isNegative() ? Duration.ZERO : overhead);
    }
  }

  private Timer timer(String name, Outcome outcome) {
    return Timer.builder(name)
        .tag("outcome", outcome.value())
        .serviceLevelObjectives(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1))
        .register(registry);
  }

  private int underway() {
    return context.status().get().underway().size();
  }

  private int parked() {
    return context.status().get().parked().size();
  }

  private int healthy() {
    return context.health().get().stream().allMatch(HealthResult::healthy) ? 1 : 0;
  }

  private int waiting() {
    return open().stream().mapToInt(entry -> entry.total() - entry.ended()).sum();
  }

  private double oldestSeconds() {
    return open().stream()
        .map(CatalogEntry::acceptedAt)
        .mapToDouble(at -> Duration.between(at, OffsetDateTime.now()).toMillis() / 1000.0)
        .max()
        .orElse(0);
  }

  private List<CatalogEntry> open() {
    try {
      return batchCatalog.open();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int count(Path folder) {
    String[] names = folder.toFile().list((dir, name) -> !name.startsWith("."));
    return names == null ? 0 : names.length;
  }

  private static int problems(Path folder) {
    String[] names = folder.toFile().list((dir, name) -> name.endsWith(".problems.txt"));
    return names == null ? 0 : names.length;
  }
}
