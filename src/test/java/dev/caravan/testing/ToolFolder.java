package dev.caravan.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

/**
 * A folder for {@code PATH} with named programs of this machine. A test that has no other folder
 * there runs its fakes or nothing, whatever is wrong with them.
 */
public final class ToolFolder {

  private ToolFolder() {}

  /**
   * Writes a script for each program. A test may replace one; a link would have it replace the
   * program itself.
   */
  public static Path make(Path folder, List<String> programs) throws IOException {
    Files.createDirectories(folder);
    for (String program : programs) {
      Path script = folder.resolve(program);
      Files.writeString(script, "#!/bin/sh\nexec " + locate(program) + " \"$@\"\n");
      Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    return folder;
  }

  private static Path locate(String program) {
    return Stream.of("/usr/bin", "/bin")
        .map(folder -> Path.of(folder, program))
        .filter(Files::exists)
        .findFirst()
        .orElseThrow(() -> new AssertionError(program + " is not on this machine"));
  }
}
