package dev.caravan.pipeline.dispatch;

import dev.caravan.model.Batch;
import dev.caravan.storage.BatchFolder;
import dev.caravan.storage.RegularFiles;
import java.io.IOException;
import org.apache.commons.codec.digest.DigestUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Detects that the config in a batch folder was edited after it was accepted. */
final class EditedConfig {

  private static final Logger LOG = LoggerFactory.getLogger(EditedConfig.class);

  private EditedConfig() {}

  /** Logs a warning if it was edited: the folder then holds runs of two configs. */
  static void warnIfEdited(Batch batch) {
    if (isEdited(batch)) {
      LOG.warn(
          "[{}] Its config.yaml was edited after it was accepted: runs from now on may differ from"
              + " those before",
          batch.id());
    }
  }

  private static boolean isEdited(Batch batch) {
    String accepted = batch.record().sha256(); // empty in a record that somebody edited
    try {
      byte[] config = RegularFiles.read(batch.folder().resolve(BatchFolder.CONFIG));
      return !accepted.isEmpty() && !accepted.equals(DigestUtils.sha256Hex(config));
    } catch (IOException e) {
      return false; // the batch goes on with what was read of it before
    }
  }
}
