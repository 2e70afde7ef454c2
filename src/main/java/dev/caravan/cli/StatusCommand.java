package dev.caravan.cli;

import dev.caravan.config.text.Plural;
import dev.caravan.model.HomeControl;
import dev.caravan.observe.report.LastBatch;
import dev.caravan.observe.report.QueueTable;
import dev.caravan.observe.report.WorkerTable;
import dev.caravan.pipeline.dispatch.DaemonStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan status}: shows the state of the daemon and its queue. */
@Command(
    name = "status",
    description =
        "Shows the daemon's state and its queue, with the expected start and end of each batch.",
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan status --server http://bench-host:8090")
final class StatusCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Option(names = "--json", description = "Print JSON.")
  private boolean json;

  @Override
  public Integer call() throws IOException, InterruptedException {
    print(caravan.home().status());
    return Exit.OK;
  }

  private void print(HomeStatus status) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(status.json());
    } else {
      printText(out, status);
    }
    out.flush();
  }

  private static void printText(PrintWriter out, HomeStatus status) {
    out.println(status.headline());
    if (status.pendingRequests() > 0) {
      out.println(Plural.of(status.pendingRequests(), "control request") + " pending");
    }
    printPauses(out, status.daemon(), status.control());
    if (!status.withheld().isEmpty()) {
      out.println(
          "Files of "
              + Plural.of(status.withheld().size(), "attempt")
              + " are withheld, because an API key was changed: see caravan release --help");
    }
    status.workers().ifPresent(all -> out.print(WorkerTable.text(all)));
    out.print(
        status.queue().isEmpty()
            ? "Queue is empty.\n"
            : new QueueTable(OffsetDateTime.now()).text(status.queue()));
    status.lastBatch().map(LastBatch::text).ifPresent(out::println);
  }

  private static void printPauses(
      PrintWriter out, Optional<DaemonStatus> daemon, HomeControl control) {
    daemon.map(DaemonStatus::closed).ifPresent(why -> out.println("Nothing starts: " + why));
    control.paused().ifPresent(order -> out.println("Everything is paused " + order.message()));
    control
        .pausedTargets()
        .forEach((target, order) -> out.println(target + " is paused " + order.message()));
  }
}
