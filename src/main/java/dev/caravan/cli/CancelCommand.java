package dev.caravan.cli;

import dev.caravan.pipeline.dispatch.ControlRefusedException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code caravan cancel}: cancels a batch or a run permanently. */
@Command(
    name = "cancel",
    description = "Cancels a batch, or some runs of it. Results measured so far are kept.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan cancel latest --why \"wrong model\"")
final class CancelCommand extends ControlCommand {

  @Parameters(paramLabel = "BATCH|RUN", description = CaravanCommand.BATCH_OR_RUN)
  private String name;

  @Option(names = "--where", paramLabel = "KEY=VALUE", description = CaravanCommand.WHERE)
  private Map<String, String> where = new LinkedHashMap<>();

  @Option(
      names = "--why",
      paramLabel = "TEXT",
      defaultValue = "",
      description = CaravanCommand.REASON)
  private String reason;

  @Override
  String send(HomeClient home) throws ControlRefusedException, IOException, InterruptedException {
    return home.cancel(name, where, reason);
  }
}
