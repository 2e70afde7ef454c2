package dev.caravan.cli;

import dev.caravan.config.settings.Settings;
import dev.caravan.pipeline.run.KeyNotes;
import dev.caravan.pipeline.run.WithheldFiles;
import dev.caravan.pipeline.run.WithheldFiles.Withheld;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code caravan release}: releases files that may contain an API key which was changed. */
@Command(
    name = "release",
    description = {
      "Releases files of attempts that Caravan withholds.",
      "When Caravan is killed during an attempt, and the API key is changed or unset before it is "
          + "started again, it cannot mask the key in the files of that attempt. It keeps them in "
          + "the folder .withheld of the attempt, readable only by their owner.",
      "To have the key masked, set the variable to its former value, at least for this command. If"
          + " the key no longer matters, release the files as they are."
    },
    mixinStandardHelpOptions = true,
    footerHeading = CaravanCommand.EXAMPLE,
    footer = "  caravan release --unmasked")
final class ReleaseCommand implements Callable<Integer> {

  @ParentCommand private CaravanCommand caravan;

  @Spec private CommandSpec spec;

  @Option(
      names = "--unmasked",
      description = "Release the files as they are, with any key that they contain.")
  private boolean unmasked;

  @Override
  public Integer call() throws IOException {
    return release(caravan.settingsOfNearestHome());
  }

  private int release(Settings settings) throws IOException {
    DurableFiles files = new DurableFiles();
    Home home = Home.ofCommand(settings.home(), settings.environment(), files);
    WithheldFiles withheld = new WithheldFiles(home, files);
    List<Withheld> released = withheld.release(KeyNotes.of(settings, home, files), unmasked);
    List<Withheld> kept = withheld.all();
    PrintWriter out = spec.commandLine().getOut();
    released.forEach(each -> out.println("Released " + home.display(each.folder())));
    kept.forEach(
        each ->
            out.println(
                "Still withheld: "
                    + home.display(each.folder())
                    + "; "
                    + each.variable()
                    + " is not set to the value that it had then"));
    if (released.isEmpty() && kept.isEmpty()) {
      out.println("Nothing is withheld.");
    }
    out.flush();
    return kept.isEmpty() ? Exit.OK : Exit.FAILED;
  }
}
