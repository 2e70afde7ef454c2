package dev.caravan.cli;

import dev.caravan.pipeline.dispatch.ControlRefusedException;
import dev.caravan.pipeline.dispatch.RunSelection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan retry}: runs finished runs again, as new attempts in their folders. */
@Command(
    name = "retry",
    description = "Repeats runs that failed or were cancelled. Earlier attempts are kept.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan retry latest --failed")
final class RetryCommand extends ControlCommand {

  @Parameters(paramLabel = "BATCH|RUN", description = CaravanCommand.BATCH_OR_RUN)
  private String name;

  @Option(names = "--failed", description = "Only failed runs, not cancelled ones.")
  private boolean failed;

  @Option(names = "--where", paramLabel = "KEY=VALUE", description = CaravanCommand.WHERE)
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(names = "--force", description = "Also repeat completed runs.")
  private boolean force;

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  @Override
  String send(HomeClient home) throws ControlRefusedException, IOException, InterruptedException {
    RunSelection.Ends ends = failed ? RunSelection.Ends.FAILED : RunSelection.Ends.ANY;
    return home.retry(name, new RunSelection(where, ends), force, reason);
  }
}
