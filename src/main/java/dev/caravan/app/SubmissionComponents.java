package dev.caravan.app;

import dev.caravan.app.camel.RouteSubmissions;
import dev.caravan.app.camel.Submissions;
import dev.caravan.config.settings.Settings;
import dev.caravan.fleet.hub.SubmittedConfigs;
import dev.caravan.pipeline.accept.SourceRules;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.util.Map;

/** What accepts configs that arrive as messages, over a broker or by a home's own routes. */
final class SubmissionComponents {

  private final Submissions submissions;

  SubmissionComponents(Settings settings, DurableFiles files, Components components)
      throws IOException {
    submissions =
        new Submissions(
            new SubmittedConfigs(new Home(settings.home()), files),
            components.acceptance(SourceRules.ofMessages(settings)),
            components.inbox(),
            components.dispatch());
  }

  Submissions submissions() {
    return submissions;
  }

  /** The beans that routes call, by name. */
  Map<String, Object> byName() {
    return Map.of("submittedConfigs", new RouteSubmissions(submissions));
  }
}
