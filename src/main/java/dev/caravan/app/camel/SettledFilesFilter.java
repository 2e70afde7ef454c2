package dev.caravan.app.camel;

import dev.caravan.pipeline.accept.SettledFiles;
import java.io.File;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/** Lets camel-file pick up only files that are no longer being written. */
public final class SettledFilesFilter implements GenericFileFilter<File> {

  private final SettledFiles settled;

  public SettledFilesFilter(SettledFiles settled) {
    this.settled = settled;
  }

  @Override
  public boolean accept(GenericFile<File> file) {
    return !file.isDirectory() && settled.settled(Path.of(file.getAbsoluteFilePath()));
  }
}
