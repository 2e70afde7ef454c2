package dev.caravan.observe.http;

import dev.caravan.model.Cause;
import dev.caravan.model.Outcome;
import dev.caravan.model.Run;
import dev.caravan.observe.http.BatchCatalog.Listed;
import dev.caravan.pipeline.dispatch.ControlPreconditions;
import dev.caravan.pipeline.outcome.ProcessResult.Head;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Prometheus scrapes. Tags are outcomes, causes and names of folders of the inbox only, so
 * that their number is fixed. Made when first needed: most homes are scraped by nobody.
 */
final class Meters {

  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  private static final String NO_CAUSE = "none";
  private static final int MOST_BEFORE = 100_000;

  private final WebContext place;
  private final BatchCatalog batchCatalog;
  private final List<Attempt> before = new ArrayList<>();
  private final FleetMeters fleet;
  private PrometheusMeterRegistry registry;

  Meters(WebContext place, BatchCatalog batchCatalog, FleetMeters fleet) {
    this.place = place;
    this.fleet = fleet;
    this.batchCatalog = batchCatalog;
    place.news().onReport(this::take);
  }

  void routes(Router router) {
    router.on(
        "GET",
        "/observe/metrics",
        (ask, path) ->
            HttpResponse.of(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                scrape().getBytes(StandardCharsets.UTF_8)));
  }

  private String scrape() {
    PrometheusMeterRegistry all = registry();
    fleet.refresh();
    return all.scrape();
  }

  private synchronized PrometheusMeterRegistry registry() {
    if (registry == null) {
      registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new JvmMemoryMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new UptimeMetrics().bindTo(registry);
      gauges();
      begin();
      fleet.bindTo(registry);
      before.forEach(this::count);
      before.clear();
    }
    return registry;
  }

  /** From zero on: Prometheus takes a counter that appears with 1 for one that did not increase. */
  private void begin() {
    for (Outcome outcome : Outcome.values()) {
      counters(outcome.value(), NO_CAUSE).forEach(c -> c.increment(0));
      timer("caravan.run.duration", outcome);
    }
    for (Cause cause : Cause.values()) {
      counters(Outcome.FAILED.value(), cause.value()).forEach(c -> c.increment(0));
    }
    timer("caravan.run.overhead", Outcome.SUCCEEDED);
    timer("caravan.run.overhead", Outcome.DEGRADED);
  }

  private List<Counter> counters(String outcome, String cause) {
    return Stream.of("caravan.attempts", "caravan.runs")
        .map(name -> registry.counter(name, "outcome", outcome, "cause", cause))
        .toList();
  }

  private void gauges() {
    Home home = place.home();
    gauge("caravan.runs.in.flight", "Runs sent to be executed", () -> underway());
    gauge("caravan.runs.waiting", "Runs of open batches that have not ended", this::waiting);
    gauge("caravan.batches.open", "Batches that are not finished", () -> open().size());
    gauge("caravan.queue.oldest.age.seconds", "Age of the oldest open batch", this::oldest);
    gauge("caravan.targets.parked", "Targets left alone", () -> parked());
    gauge("caravan.dead.letters", "Dead letters", () -> count(home.dead()));
    gauge("caravan.inbox.waiting", "Files in the inbox", () -> count(home.inbox()));
    gauge("caravan.inbox.accepted", "Accepted configs kept", () -> count(home.done()));
    gauge("caravan.inbox.refused", "Refused configs kept", () -> problems(home.failed()));
    gauge("caravan.disk.free.bytes", "Free space", () -> home.root().toFile().getUsableSpace());
    gauge("caravan.http.readers", "Streams of events", EventStream::readers);
    gauge("caravan.healthy", "Whether all checks are well", this::healthy);
  }

  private void gauge(String name, String message, Callable<Number> value) {
    Gauge.builder(name, () -> quietly(value)).description(message).register(registry);
  }

  private static double quietly(Callable<Number> value) {
    try {
      return value.call().doubleValue();
    } catch (Exception e) {
      LOG.debug("No figure", e);
      return Double.NaN;
    }
  }

  /**
   * An attempt that ended.
   *
   * @param last whether the run ended with it
   * @param took how long; empty when that is not known
   * @param measured what of it was asked to be measured
   */
  private record Attempt(
      String outcome, String cause, boolean last, Optional<Duration> took, Duration measured) {}

  /** Kept aside until somebody scrapes, so that a home that nobody scrapes has no registry. */
  private synchronized void take(RunReport report) {
    if (report.outcome().isEmpty()) {
      return;
    }
    Attempt attempt = attempt(report);
    if (registry != null) {
      count(attempt);
    } else if (before.size() < MOST_BEFORE) {
      before.add(attempt);
    }
  }

  private Attempt attempt(RunReport report) {
    String cause = report.cause().isEmpty() ? NO_CAUSE : report.cause();
    boolean last = report.kind() == RunReport.Kind.ENDED;
    try {
      Run run = place.batches().load(Path.of(report.batchFolder())).run(report.runIndex());
      return new Attempt(
          report.outcome(),
          cause,
          last,
          last ? ControlPreconditions.finalResult(run).map(Head::duration) : Optional.empty(),
          Duration.ofSeconds(run.parameters().benchmarkDuration()));
    } catch (IOException e) {
      LOG.debug("No duration of {}", report.runId(), e);
      return new Attempt(report.outcome(), cause, last, Optional.empty(), Duration.ZERO);
    }
  }

  private void count(Attempt of) {
    List<Counter> counters = counters(of.outcome(), of.cause());
    counters.stream().limit(of.last() ? 2 : 1).forEach(Counter::increment);
    of.took().ifPresent(took -> time(of, took));
  }

  private void time(Attempt of, Duration took) {
    Outcome outcome = Outcome.of(of.outcome());
    timer("caravan.run.duration", outcome).record(took);
    if (outcome.counts() == Outcome.Counts.COMPLETED) {
      Duration beyond = took.minus(of.measured());
      timer("caravan.run.overhead", outcome).record(beyond.isNegative() ? Duration.ZERO : beyond);
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
    return place.status().get().underway().size();
  }

  private int parked() {
    return place.status().get().parked().size();
  }

  private int healthy() {
    return place.checks().stream().allMatch(check -> check.look().get().well()) ? 1 : 0;
  }

  private int waiting() {
    return open().stream().mapToInt(l -> l.record().runs() - l.ended()).sum();
  }

  private double oldest() {
    return open().stream()
        .map(Listed::acceptedAt)
        .mapToDouble(at -> Duration.between(at, OffsetDateTime.now()).toMillis() / 1000.0)
        .max()
        .orElse(0);
  }

  private List<Listed> open() {
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
