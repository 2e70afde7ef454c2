package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * A fake python3 that creates virtual environments whose pip "installs" aiperf by writing a script.
 * Its calls are recorded in {@code calls.txt} in the same folder.
 */
final class FakePython {

  private static final String PYTHON =
      """
      #!/bin/sh
      here=${0%/*}
      echo "a warning" >&2
      echo "$* PYTHONPATH=${PYTHONPATH-unset} COLUMNS=${COLUMNS-unset}" >> "CALLS"
      case "$1 $2" in
        "-c "*Provides-Extra*) for extra in EXTRAS; do echo "extra $extra"; done ;;
        "-c "*) printf '%s\\n%s\\n' "VERSION" "VENV" ;;
        "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
        "-m pip")
          BEFORE
          for wanted; do :; done
          echo "Collecting $wanted"
          printf '#!/bin/sh\\necho %s\\n' "${wanted#*==}" > "$here/aiperf"
          chmod +x "$here/aiperf"
          ;;
        *) exit 9 ;;
      esac
      """;

  private final Path folder;
  private String version = "3.12";
  private String venv = "venv";
  private String extras = "mlflow wandb otel";
  private String before = ":";

  FakePython(Path folder) {
    this.folder = folder;
  }

  FakePython version(String value) {
    version = value;
    return this;
  }

  FakePython withoutVenv() {
    venv = "no venv";
    return this;
  }

  /** The extras that the metadata of the installed aiperf names. */
  FakePython extras(String names) {
    extras = names;
    return this;
  }

  /** Shell commands that pip runs before it installs. */
  FakePython beforePipInstall(String shell) {
    before = shell;
    return this;
  }

  /** Writes the script under this name. */
  FakePython write(String name) throws IOException {
    Files.createDirectories(folder);
    String text =
        PYTHON
            .replace("CALLS", calls().toString())
            .replace("VERSION", version)
            .replace("\"VENV\"", "\"" + venv + "\"")
            .replace("EXTRAS", extras)
            .replace("BEFORE", before);
    script(folder.resolve(name), text);
    return this;
  }

  Path calls() {
    return folder.resolve("calls.txt");
  }

  static void script(Path file, String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
