package dev.caravan.cli;

import dev.caravan.model.Batch;
import dev.caravan.pipeline.accept.BatchStore;
import dev.caravan.pipeline.accept.InboxSubmission;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A config in the inbox of a home, which a daemon accepts or refuses.
 *
 * @param home the home
 * @param submitted the config
 */
record InboxFile(Home home, InboxSubmission.Submitted submitted) implements HomeClient.Submission {

  private static final Logger LOG = LoggerFactory.getLogger(InboxFile.class);
  private static final long POLL_MILLIS = 300;

  @Override
  public String name() {
    return submitted.name();
  }

  @Override
  public boolean canBeFollowed() {
    return true;
  }

  @Override
  public Optional<FollowedBatch> batch() throws IOException, InterruptedException {
    LOG.info("Waiting for {} to be accepted", submitted.name());
    WaitingLines waiting = new WaitingLines();
    Path problems = home.failed().resolve(submitted.name() + ".problems.txt");
    while (!Files.exists(problems)) {
      Optional<Batch> found = find();
      if (found.isPresent()) {
        return found.map(batch -> new LocalFollowedBatch(home, batch));
      }
      waiting.poll(new LocalWaiting(home)::ofInbox);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
    LOG.error("Refused:\n{}", Files.readString(problems).strip());
    return Optional.empty();
  }

  private Optional<Batch> find() throws IOException {
    DurableFiles files = new DurableFiles();
    for (Path folder : files.list(submitted.parent())) {
      if (Files.isRegularFile(folder.resolve(BatchFolder.RECORD))
          && !folder.getFileName().toString().startsWith(".")) {
        Optional<Batch> batch =
            new BatchStore(files)
                .find(folder)
                .filter(found -> submitted.name().equals(found.record().sourceFile()));
        if (batch.isPresent()) {
          return batch;
        }
      }
    }
    return Optional.empty();
  }
}
