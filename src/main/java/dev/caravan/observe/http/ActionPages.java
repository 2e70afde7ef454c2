package dev.caravan.observe.http;

import dev.caravan.config.BenchmarkConfig;
import dev.caravan.model.plan.PlanTime;
import dev.caravan.model.plan.Sweep;
import dev.caravan.pipeline.accept.ControlRequest.Action;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pages and forms that change something: submit, failed runs, batch and run buttons, sign-in. */
final class ActionPages {

  private static final int MAX_PLANNED = 200;

  private final ConfigApi configs;
  private final ControlApi control;
  private final DeadLetterFiles deadLetters;
  private final Optional<Session> session;
  private final Pages pages;

  ActionPages(
      WebContext context,
      ConfigApi configs,
      ControlApi control,
      DeadLetterFiles deadLetters,
      Optional<Session> session) {
    this.configs = configs;
    this.control = control;
    this.deadLetters = deadLetters;
    this.session = session;
    this.pages = new Pages(context);
  }

  void routes(Routes routes) {
    routes.on("GET", "/submit", (request, path) -> pages.page("submit", "submit", "Submit"));
    routes.on(
        "POST",
        "/submit/check",
        (request, path) -> configs.inTurn(request, () -> validate(request)));
    routes.on("POST", "/submit", (request, path) -> configs.inTurn(request, () -> submit(request)));
    routes.on("GET", "/dead-letters", (request, path) -> deadLetters());
    routes.on("POST", "/dead-letters/:file/retry", (request, path) -> notice(() -> retry(path)));
    String batch = "/batches/:name/:time";
    for (String resource : List.of(batch, batch + "/runs/:index")) {
      routes.on(
          "POST",
          resource + "/cancel",
          (request, path) -> notice(() -> control.cancel(request, path)));
      routes.on(
          "POST",
          resource + "/retry",
          (request, path) -> notice(() -> control.retry(request, path)));
    }
    routes.on(
        "POST",
        batch + "/pause",
        (request, path) -> notice(() -> control.pauseOrResume(Action.PAUSE, request, path)));
    routes.on(
        "POST",
        batch + "/resume",
        (request, path) -> notice(() -> control.pauseOrResume(Action.RESUME, request, path)));
    routes.on("GET", "/login", (request, path) -> login(request));
    routes.on("POST", "/login", (request, path) -> signIn(request));
  }

  /** The result of an action. */
  record Notice(String message, boolean good) {}

  /** The newest dead letters, of how many. */
  record DeadLetters(List<DeadLetterFiles.DeadLetter> deadLetters, int total) {}

  record Login(String assets, String message, String to) {}

  /** What keeps a config from being submitted; or, without an error, its plan. */
  record Validation(
      String error,
      Object problems,
      PlanTable plan,
      String search,
      int total,
      String measured,
      String expected,
      List<String> warnings) {}

  /** An action that returns a message about its result. */
  private interface Command {
    String run() throws HttpProblemException, IOException, InterruptedException;
  }

  /** Runs a command; returns its result or error as a notice for the page. */
  private HttpResponse notice(Command command) throws IOException, InterruptedException {
    try {
      return pages.fragment("notice", new Notice(command.run(), true));
    } catch (HttpProblemException e) {
      return pages.fragment("notice", new Notice(e.getMessage(), false));
    }
  }

  private String retry(Map<String, String> path) throws HttpProblemException, IOException {
    return "put back into the inbox: " + deadLetters.retry(path);
  }

  private HttpResponse deadLetters() throws IOException {
    return pages.page(
        "dead-letters",
        "dead-letters",
        "Failed runs",
        new DeadLetters(deadLetters.newest(), deadLetters.count()));
  }

  private static byte[] yaml(HttpRequest request) throws HttpProblemException {
    return request
        .form()
        .getOrDefault("config", "")
        .replace("\r\n", "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /** The result of validation: the problems with their lines, or the plan. */
  private HttpResponse validate(HttpRequest request) {
    try {
      BenchmarkConfig config = configs.read(yaml(request), request).config();
      Sweep sweep = new Sweep(config);
      PlanTime time = PlanTime.of(config);
      boolean isSearch = sweep.search().isPresent();
      return pages.fragment(
          "validation",
          new Validation(
              "",
              List.of(),
              PlanTable.of(sweep, configs.runs(config, sweep, MAX_PLANNED)),
              ConfigApi.search(config),
              sweep.runs(),
              DisplayTime.span(time.measured()),
              time.estimate(isSearch, DisplayTime::span),
              configs.warnings(config)));
    } catch (HttpProblemException e) {
      return refused(e);
    }
  }

  /** What keeps a config from being submitted. Its lines may hold secrets and are not repeated. */
  private HttpResponse refused(HttpProblemException refusal) {
    Object problems = refusal.extensions().getOrDefault("problems", List.of());
    return pages.fragment(
        "validation",
        new Validation(refusal.getMessage(), problems, PlanTable.NONE, "", 0, "", "", List.of()));
  }

  private HttpResponse submit(HttpRequest request) throws Exception {
    try {
      ConfigApi.Submitted submitted = configs.submit(yaml(request), request);
      String location = submitted.batch().map(RunLinks::batch).orElse("/");
      return pages
          .fragment("notice", new Notice("Accepted: " + location, true))
          .with("HX-Redirect", location);
    } catch (HttpProblemException e) {
      return refused(e);
    }
  }

  private HttpResponse login(HttpRequest request) {
    Optional<String> to = request.parameter(ReturnPath.FIELD);
    boolean isSignedIn =
        session.flatMap(s -> request.cookie(Session.COOKIE).filter(s::isValid)).isPresent();
    return isSignedIn && to.isPresent()
        ? HttpResponse.seeOther(ReturnPath.checked(to.get()))
        : login("", to.orElse(""));
  }

  private HttpResponse login(String message, String to) {
    String page = ReturnPath.checked(to);
    return pages.fragment("login", new Login(Assets.version(), message, page));
  }

  private HttpResponse signIn(HttpRequest request) throws HttpProblemException {
    String token = request.form().getOrDefault("token", "").strip();
    String to = request.form().getOrDefault(ReturnPath.FIELD, "");
    if (session.filter(s -> s.isToken(token)).isPresent()) {
      return HttpResponse.seeOther(ReturnPath.checked(to))
          .with("Set-Cookie", session.get().cookie());
    }
    HttpResponse page = login(session.isEmpty() ? "No token is required." : "Wrong token.", to);
    return new HttpResponse(401, page.headers(), page.body());
  }
}
