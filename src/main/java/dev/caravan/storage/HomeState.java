package dev.caravan.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Caravan's own files and folders in a home. What is in the place of one of them and is something
 * else is set aside, so that it costs what it should have held and keeps no daemon from starting.
 */
public final class HomeState {

  private static final Logger LOG = LoggerFactory.getLogger(HomeState.class);

  private HomeState() {}

  /** Sets aside what is in the place of Caravan's files and folders and cannot be used as such. */
  public static void prepare(Home home, DurableFiles files) {
    for (Path folder : folders(home)) {
      if (exists(folder) && !isUsableFolder(folder)) {
        setAside(folder, "a folder that can be read and written", home, files);
      }
    }
    for (StateFile file : StateFile.values()) {
      Path path = file.in(home);
      if (exists(path) && !RegularFiles.exists(path)) {
        setAside(path, "a file", home, files);
      }
    }
  }

  private static List<Path> folders(Home home) {
    List<Path> folders =
        new ArrayList<>(List.of(home.claimed(), home.done(), home.failed(), home.dead()));
    for (StateFolder folder : StateFolder.values()) {
      folders.add(folder.in(home));
    }
    return folders;
  }

  private static boolean exists(Path path) {
    return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
  }

  private static boolean isUsableFolder(Path path) {
    return Files.isDirectory(path)
        && Files.isReadable(path)
        && Files.isWritable(path)
        && Files.isExecutable(path);
  }

  private static void setAside(Path path, String expected, Home home, DurableFiles files) {
    try {
      Path aside = files.setAside(path);
      LOG.error("{} was not {}; renamed to {}", home.display(path), expected, aside.getFileName());
    } catch (IOException e) {
      LOG.error("{} is not {}: {}", home.display(path), expected, e.toString());
    }
  }
}
