package dev.caravan.pipeline.accept;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Several batches have the same name; the message lists their folders. */
public final class SeveralBatchesException extends IOException {

  private static final long serialVersionUID = 1L;

  private final transient List<Path> folders;

  /** Creates an exception for the batches in these folders, which share this name. */
  public SeveralBatchesException(String name, List<Path> folders) {
    super(
        folders.size()
            + " batches are called \""
            + name
            + "\"; name the folder of one of them: "
            + folders.stream().map(Path::toString).collect(Collectors.joining(", ")));
    this.folders = List.copyOf(folders);
  }

  /** The folders of the batches of this name. */
  public List<Path> folders() {
    return folders;
  }
}
