package dev.caravan.pipeline.run;

import dev.caravan.model.Run;
import dev.caravan.model.RunOrder;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.process.StopSignal;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/** What an attempt leaves in its folder when Caravan is killed while it runs. */
public final class KilledAttempt {

  private KilledAttempt() {}

  /** Leaves a stdout.log with this text, of an attempt that was started with this key. */
  public static void leave(KeyNotes keys, Run run, Secret key, String text) throws IOException {
    RunOrder order = RunOrder.execute(run.id(), run.batch().folder().toString(), run.index());
    RunTask task = new RunTask(order, run, Optional.empty(), Optional.empty(), Optional.empty());
    Files.createDirectories(run.folder());
    keys.add(
        new Attempt(
            task,
            1,
            Optional.empty(),
            Optional.empty(),
            new StopSignal(),
            List.of(),
            Optional.of(key),
            false,
            "",
            Optional.empty()));
    Files.writeString(run.folder().resolve("stdout.log"), text);
  }
}
