package dev.caravan.observe.http;

import dev.caravan.config.settings.Version;
import dev.caravan.storage.JsonTimes;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/** Answers whether the daemon is healthy, and what it is. */
final class HealthApi {

  private record Check(String name, String status, String message) {}

  private record Health(String status, List<Check> checks) {}

  private record Info(
      String name,
      String version,
      String aiperfTested,
      String java,
      String os,
      long pid,
      String startedAt,
      long uptimeSeconds) {}

  private final WebContext context;

  HealthApi(WebContext context) {
    this.context = context;
  }

  void routes(Routes routes) {
    routes.on("GET", "/observe/health", (request, path) -> health());
    routes.on("GET", "/observe/health/ready", (request, path) -> health());
    routes.on("GET", "/observe/health/live", (request, path) -> live());
    routes.on("GET", "/observe/info", (request, path) -> HttpResponse.json(200, info()));
  }

  private HttpResponse health() {
    List<HealthResult> results = context.health().get();
    boolean healthy = results.stream().allMatch(HealthResult::healthy);
    List<Check> checks =
        results.stream().map(r -> new Check(r.name(), status(r.healthy()), r.message())).toList();
    return HttpResponse.json(healthy ? 200 : 503, new Health(status(healthy), checks));
  }

  /** Needs no token, so it says nothing but that the daemon answers. */
  private static HttpResponse live() {
    return HttpResponse.json(200, new Health(status(true), List.of()));
  }

  private static String status(boolean healthy) {
    return healthy ? "UP" : "DOWN";
  }

  private static Info info() {
    RuntimeMXBean process = ManagementFactory.getRuntimeMXBean();
    return new Info(
        "caravan",
        Version.CARAVAN,
        Version.AIPERF,
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        process.getPid(),
        JsonTimes.text(Instant.ofEpochMilli(process.getStartTime()).atOffset(ZoneOffset.UTC)),
        process.getUptime() / 1000);
  }
}
