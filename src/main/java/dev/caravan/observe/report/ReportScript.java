package dev.caravan.observe.report;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The script of reports and pages. Its files are parts of a few programs: the parts of one share
 * their functions with each other, and with nobody else.
 */
final class ReportScript {

  private static final String CHART_JS =
      "META-INF/resources/webjars/chart.js/4.4.9/dist/chart.umd.js";
  private static final String FOLDER = "dev/caravan/observe/report/script/";
  private static final List<List<String>> PROGRAMS =
      List.of(
          List.of(
              "base",
              "headline",
              "charts",
              "plot",
              "view",
              "curves",
              "panels",
              "requests",
              "table",
              "page"),
          List.of("frontier", "frontier-plot", "frontier-page"));

  private ReportScript() {}

  /** The whole script, with the chart library that it needs. */
  static String text() {
    // The source map is not shipped; browsers would warn about it.
    return ReportPage.resource(CHART_JS).replaceAll("(?m)^//# sourceMappingURL=.*$", "")
        + PROGRAMS.stream().map(ReportScript::program).collect(Collectors.joining());
  }

  private static String program(List<String> parts) {
    return parts.stream()
        .map(part -> ReportPage.resource(FOLDER + part + ".js"))
        .collect(Collectors.joining("\n", "\n(function () {\n'use strict';\n", "})();\n"));
  }
}
