package dev.caravan.observe.http;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.config.yaml.Problem;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pages by which people change things: submit, dead letters, the buttons, and signing in. */
final class ActionPages {

  private static final int PLANNED = 200;

  private final ConfigApi configs;
  private final ControlApi orders;
  private final DeadLetterFiles letters;
  private final Optional<Session> session;
  private final Pages pages;

  ActionPages(
      WebContext place,
      ConfigApi configs,
      ControlApi orders,
      DeadLetterFiles letters,
      Optional<Session> session) {
    this.configs = configs;
    this.orders = orders;
    this.letters = letters;
    this.session = session;
    this.pages = new Pages(place);
  }

  void routes(Router router) {
    router.on("GET", "/submit", (ask, path) -> pages.page("submit", "submit", "Submit", Map.of()));
    router.on("POST", "/submit/check", (ask, path) -> check(ask));
    router.on("POST", "/submit", (ask, path) -> submit(ask));
    router.on("GET", "/dead-letters", (ask, path) -> dead());
    router.on("POST", "/dead-letters/{file}/retry", (ask, path) -> said(() -> retry(path)));
    String batch = "/batches/{name}/{time}";
    for (String at : List.of(batch, batch + "/runs/{index}")) {
      router.on("POST", at + "/cancel", (ask, path) -> said(() -> orders.cancel(ask, path)));
      router.on("POST", at + "/retry", (ask, path) -> said(() -> orders.retry(ask, path)));
    }
    router.on(
        "POST", batch + "/pause", (ask, path) -> said(() -> orders.hold(Action.PAUSE, ask, path)));
    router.on(
        "POST",
        batch + "/resume",
        (ask, path) -> said(() -> orders.hold(Action.RESUME, ask, path)));
    router.on("GET", "/login", (ask, path) -> login(""));
    router.on("POST", "/login", (ask, path) -> signIn(ask));
  }

  private interface Order {
    String give() throws HttpProblemException, IOException, InterruptedException;
  }

  /** What became of an order, for the place on the page that says it. */
  private HttpResponse said(Order order) throws IOException, InterruptedException {
    try {
      return pages.fragment("said", Map.of("message", order.give(), "good", true));
    } catch (HttpProblemException e) {
      return pages.fragment("said", Map.of("message", e.getMessage(), "good", false));
    }
  }

  private String retry(Map<String, String> path) throws HttpProblemException, IOException {
    return "dropped into the inbox: " + letters.retry(path);
  }

  private HttpResponse dead() throws IOException {
    return pages.page("dead-letters", "dead", "Dead letters", Map.of("letters", letters.all()));
  }

  private static byte[] yaml(HttpRequest ask) {
    return ask.form()
        .getOrDefault("config", "")
        .replace("\r\n", "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The problems at their lines, or the plan. */
  private HttpResponse check(HttpRequest ask) throws HttpProblemException {
    byte[] yaml = yaml(ask);
    Map<String, Object> view = new LinkedHashMap<>();
    view.put("problems", List.of());
    view.put("refused", "");
    view.put("runs", List.of());
    view.put("warnings", List.of());
    try {
      BenchmarkConfig config = configs.read(yaml);
      Sweep sweep = new Sweep(config);
      view.put("runs", configs.runs(config, sweep, PLANNED));
      view.put("total", sweep.size());
      view.put("time", DisplayTime.span(Duration.ofSeconds(ConfigApi.seconds(sweep))));
      view.put("warnings", config.warnings());
    } catch (HttpProblemException e) {
      view.put("refused", e.getMessage());
      view.put("problems", problems(e, new String(yaml, StandardCharsets.UTF_8)));
    }
    return pages.fragment("checked", view);
  }

  private static List<Map<String, Object>> problems(HttpProblemException refused, String yaml) {
    List<String> lines = yaml.lines().toList();
    List<Map<String, Object>> problems = new ArrayList<>();
    if (refused.further().get("problems") instanceof List<?> all) {
      for (Object each : all) {
        Problem problem = (Problem) each;
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("line", problem.line());
        view.put("column", problem.column());
        view.put("path", problem.path());
        view.put("message", problem.message());
        boolean has = problem.line() > 0 && problem.line() <= lines.size();
        view.put("text", has ? lines.get(problem.line() - 1) : "");
        problems.add(view);
      }
    }
    return problems;
  }

  private HttpResponse submit(HttpRequest ask) throws Exception {
    try {
      ConfigApi.Placed placed = configs.place(yaml(ask), ask);
      String to = placed.batch().map(RunLinks::batch).orElse("/");
      return pages
          .fragment("said", Map.of("message", "Accepted: " + to, "good", true))
          .with("HX-Redirect", to);
    } catch (HttpProblemException e) {
      return check(ask);
    }
  }

  private HttpResponse login(String message) {
    return pages.fragment("login", Map.of("message", message));
  }

  private HttpResponse signIn(HttpRequest ask) {
    String given = ask.form().getOrDefault("token", "").strip();
    if (session.filter(s -> s.isToken(given)).isPresent()) {
      return HttpResponse.seeOther("/").with("Set-Cookie", session.get().cookie());
    }
    HttpResponse again =
        login(session.isEmpty() ? "No token is needed here." : "That is not the token.");
    return new HttpResponse(401, again.headers(), again.body());
  }
}
