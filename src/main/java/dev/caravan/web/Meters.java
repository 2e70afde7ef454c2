package dev.caravan.web;

import dev.caravan.batch.Batch;
import dev.caravan.batch.Home;
import dev.caravan.dispatch.BatchStates;
import dev.caravan.result.Outcome;
import dev.caravan.result.ProcessResult.Head;
import dev.caravan.run.RunReport;
import dev.caravan.web.Catalogue.Listed;
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
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What Prometheus scrapes. Tags are outcomes, causes and names of folders of the inbox only, so
 * that their number is fixed. Made when first needed: most homes are scraped by nobody.
 */
final class Meters {

  private static final Logger LOG = LoggerFactory.getLogger(Meters.class);

  private final Workplace place;
  private final Catalogue catalogue;
  private PrometheusMeterRegistry registry;

  Meters(Workplace place, Catalogue catalogue) {
    this.place = place;
    this.catalogue = catalogue;
    place.news().onReport(this::take);
  }

  void routes(Router router) {
    router.on(
        "GET",
        "/observe/metrics",
        (ask, path) ->
            Reply.of(
                200,
                "text/plain; version=0.0.4; charset=utf-8",
                registry().scrape().getBytes(StandardCharsets.UTF_8)));
  }

  private synchronized PrometheusMeterRegistry registry() {
    if (registry == null) {
      registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
      new JvmMemoryMetrics().bindTo(registry);
      new JvmThreadMetrics().bindTo(registry);
      new ProcessorMetrics().bindTo(registry);
      new UptimeMetrics().bindTo(registry);
      gauges();
    }
    return registry;
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
    gauge("caravan.http.readers", "Streams of events", () -> place.news().listeners());
    gauge("caravan.healthy", "Whether all checks are well", this::healthy);
  }

  private void gauge(String name, String words, Callable<Number> value) {
    Gauge.builder(name, () -> quietly(value)).description(words).register(registry);
  }

  private static double quietly(Callable<Number> value) {
    try {
      return value.call().doubleValue();
    } catch (Exception e) {
      LOG.debug("No figure", e);
      return Double.NaN;
    }
  }

  /** Counts an attempt that ended. */
  private void take(RunReport report) {
    if (report.outcome().isEmpty()) {
      return;
    }
    String cause = report.cause().isEmpty() ? "none" : report.cause();
    registry().counter("caravan.attempts", "outcome", report.outcome(), "cause", cause).increment();
    if (report.kind() == RunReport.Kind.ENDED) {
      registry().counter("caravan.runs", "outcome", report.outcome(), "cause", cause).increment();
      durations(report);
    }
  }

  private void durations(RunReport report) {
    try {
      Batch batch = place.batches().load(Path.of(report.batchFolder()));
      Optional<Head> end = BatchStates.end(batch.run(report.runIndex()));
      Duration measured =
          Duration.ofSeconds(batch.run(report.runIndex()).parameters().benchmarkDuration());
      end.ifPresent(
          head -> {
            timer("caravan.run.duration", head.status()).record(head.duration());
            if (head.status().counts() == Outcome.Counts.COMPLETED) {
              Duration beyond = head.duration().minus(measured);
              timer("caravan.run.overhead", head.status())
                  .record(beyond.isNegative() ? Duration.ZERO : beyond);
            }
          });
    } catch (IOException e) {
      LOG.debug("No duration of {}", report.runId(), e);
    }
  }

  private Timer timer(String name, Outcome outcome) {
    return Timer.builder(name)
        .tag("outcome", outcome.word())
        .serviceLevelObjectives(
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(15),
            Duration.ofHours(1))
        .register(registry());
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
      return catalogue.all().stream().filter(l -> !l.finished()).toList();
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
