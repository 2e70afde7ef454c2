package dev.caravan.tools.setup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A fake python3 that creates virtual environments whose pip "installs" aiperf by writing a script,
 * and has no uv unless told so. Its calls are recorded in {@code calls.txt} in the same folder.
 */
final class FakePython {

  /** The programs that it runs, and the tests through it. */
  static final List<String> TOOLS =
      List.of("cat", "chmod", "cp", "env", "grep", "mkdir", "seq", "sleep", "sort");

  private static final String PYTHON =
      """
      #!/bin/sh
      here=${0%/*}
      echo "a warning" >&2
      echo "$* PYTHONPATH=${PYTHONPATH-unset} COLUMNS=${COLUMNS-unset}" >> "CALLS"
      case "$1 $2" in
        "-c "*Provides-Extra*) for extra in EXTRAS; do echo "extra $extra"; done ;;
        "-c "*"'config'"*) SETTINGS ;;
        "-c "*syncfs*) SYNC ;;
        "-c "*) printf '%s\\n%s\\n' "VERSION" "VENV" ;;
        "-m venv") mkdir -p "$3/bin" && cp "$0" "$3/bin/python" ;;
        "-m pip")
          for wanted; do :; done
          case $wanted in
            uv==*)
              FETCH
              exit ;;
          esac
          BEFORE
          echo "Collecting $wanted"
          printf '#!/bin/sh\\necho %s\\n' "${wanted#*==}" > "$here/aiperf"
          chmod +x "$here/aiperf"
          ;;
        *) exit 9 ;;
      esac
      """;

  private static final String FETCH_UV =
      """
      for each; do case $each in --target=*) folder=${each#*=}/bin ;; esac; done
      mkdir -p "$folder"
      cat > "$folder/uv" <<'END'
      #!/bin/sh
      echo "uv $*" >> "CALLS"
      env | grep -E '^(UV_|SSL_|https_proxy)' | sort >> "CALLS"
      BEFORE
      for wanted; do :; done
      echo "Installed $wanted"
      printf '#!/bin/sh\necho %s\n' "${wanted#*==}" > "${4%/*}/aiperf"
      chmod +x "${4%/*}/aiperf"
      END
      chmod +x "$folder/uv"
      """;

  private final Path folder;
  private String version = "3.12";
  private String venv = "venv";
  private String extras = "mlflow wandb otel";
  private String before = ":";
  private String settings = "echo '{}'";
  private String sync = ":";
  private String fetch = "echo no such package; exit 1";

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

  /** What pip is configured with, as {@link PipSettings#SCRIPT} prints it. */
  FakePython settings(String json) {
    settings = "echo '" + json + "'";
    return this;
  }

  /** Shell commands in place of a sync of the file system that has the environment {@code $3}. */
  FakePython insteadOfSyncing(String shell) {
    sync = shell;
    return this;
  }

  /** Its pip does not tell how it is configured. */
  FakePython withoutSettings() {
    settings = "exit 1";
    return this;
  }

  /** Its pip can fetch a uv, which installs as pip does and records its variables, too. */
  FakePython withUv() {
    return withUv(":");
  }

  /** As {@link #withUv()}, with shell commands that uv runs before it installs. */
  FakePython withUv(String shell) {
    fetch = FETCH_UV.replace("BEFORE", shell);
    return this;
  }

  /** Shell commands that pip runs instead of fetching uv. */
  FakePython insteadOfFetchingUv(String shell) {
    fetch = shell;
    return this;
  }

  /** Writes the script under this name. */
  FakePython write(String name) throws IOException {
    Files.createDirectories(folder);
    String text =
        PYTHON
            .replace("FETCH", fetch)
            .replace("SETTINGS", settings)
            .replace("SYNC", sync)
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
