package dev.caravan.batch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Keeps the orders given to batches in their folders. */
public final class Controls {

  /** The file in a batch folder. */
  public static final String FILE = "control.json";

  private final Tree tree;

  public Controls(Tree tree) {
    this.tree = tree;
  }

  /** The orders given to a batch. */
  public Control of(Batch batch) throws IOException {
    Path file = batch.folder().resolve(FILE);
    return Files.exists(file) ? Json.read(file, Control.class) : Control.NONE;
  }

  /** Writes the orders given to a batch. */
  public void write(Batch batch, Control control) throws IOException {
    tree.writeWhole(batch.folder().resolve(FILE), Json.file(control));
  }
}
