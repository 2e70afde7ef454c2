package dev.caravan.pipeline.run;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Checks runs against a scripted target before they start; its list of models may be asked. */
abstract class PreflightTestBase extends RunStageTestBase {

  private static final String PROBE = "health_check_endpoint: ";

  ScriptedLlm llm;

  @BeforeEach
  void start() throws IOException {
    llm = ScriptedLlm.serving("fake-ok");
  }

  @AfterEach
  void end() throws IOException {
    llm.close();
  }

  Batch accept(String sweeps, String sections) throws Exception {
    return accept(llm.url(), sweeps, sections);
  }

  Batch accept(String url, String sweeps, String sections) throws Exception {
    return accept(url, sweeps, sections, "");
  }

  Batch accept(String url, String sweeps, String sections, String keys) throws Exception {
    return accept(
        RunStageFixture.BASE.replace(PROBE + "none", PROBE + "/v1/models"),
        url,
        sweeps,
        sections,
        keys);
  }

  /** Accepts a config with {@code health_check_endpoint: none}. */
  Batch acceptUnprobed(String sweeps) throws Exception {
    return accept(RunStageFixture.BASE, llm.url(), sweeps, "", "");
  }

  private Batch accept(String base, String url, String sweeps, String sections, String keys)
      throws Exception {
    return stage.accept(
        base.replace("http://127.0.0.1:9", url)
            + "  api_key_env_var: SET_API_KEY\n"
            + keys
            + "sweeps: {"
            + sweeps
            + "}\n"
            + sections);
  }

  /** Takes a run; its target is not probed yet. */
  RunTask task(Run run) throws Exception {
    return stage.runs.take(RunStageFixture.order(run));
  }

  /** Takes a run whose target accepted the probe, if there is one. */
  RunTask ready(Run run) throws Exception {
    RunTask task = task(run);
    return task.needsProbe() ? stage.probes.response(task, 200, null, null, "") : task;
  }

  RunTask check(Run run) throws Exception {
    RunTask checked = stage.preflight.check(ready(run));
    stage.runs.report(
        checked.result().isPresent() ? checked : checked.with(Kind.STOPPED, "only checked"));
    return checked;
  }

  RunReport report(Run run) throws Exception {
    return stage.runs.report(stage.preflight.check(ready(run)));
  }

  RunReport reportNow(Run run) {
    try {
      return report(run);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
