package dev.caravan.pipeline.run;

import dev.caravan.model.Batch;
import dev.caravan.model.Run;
import dev.caravan.pipeline.run.RunReport.Kind;
import dev.caravan.testing.ScriptedLlm;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Checks runs against a scripted target before they start. */
abstract class PreflightTestBase extends RunStageTestBase {

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
    return stage.accept(
        RunStageFixture.BASE.replace("http://127.0.0.1:9", url)
            + "  api_key_env_var: SET_API_KEY\n"
            + keys
            + "sweeps: {"
            + sweeps
            + "}\n"
            + sections);
  }

  RunTask task(Run run) throws Exception {
    return stage.runs.take(RunStageFixture.order(run));
  }

  /** Like {@link #task(Run)}, with a probe at this path. */
  RunTask task(Run run, String path) throws Exception {
    RunTask task = task(run);
    return new RunTask(
        task.order(),
        task.run(),
        Optional.of(URI.create(llm.url() + path)),
        task.readiness(),
        task.result());
  }

  RunTask check(Run run) throws Exception {
    RunTask checked = stage.preflight.check(task(run));
    stage.runs.report(
        checked.result().isPresent() ? checked : checked.with(Kind.STOPPED, "only checked"));
    return checked;
  }

  RunReport report(Run run) throws Exception {
    return stage.runs.report(stage.preflight.check(task(run)));
  }

  RunReport reportNow(Run run) {
    try {
      return report(run);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
