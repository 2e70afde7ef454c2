package dev.caravan.tools.setup;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Linux distribution, used only to suggest the command that installs a missing package.
 *
 * @param ids {@code ID} and the items of {@code ID_LIKE} in {@code os-release}
 */
record Distribution(List<String> ids) {

  private static final String FALLBACK = "install Python 3.11, 3.12 or 3.13 with its venv module";

  /** Reads an os-release file (freedesktop.org); a missing file gives an unknown distribution. */
  static Distribution read(Path osRelease) {
    try (Stream<String> lines = Files.lines(osRelease)) {
      return new Distribution(
          lines
              .filter(line -> line.startsWith("ID=") || line.startsWith("ID_LIKE="))
              .sorted()
              .flatMap(line -> Stream.of(line.split("=", 2)[1].replaceAll("[\"']", "").split(" ")))
              .toList());
    } catch (IOException | UncheckedIOException e) {
      return new Distribution(List.of());
    }
  }

  /** The command that installs a Python version that aiperf supports. */
  String pythonCommand() {
    return ids.stream().flatMap(id -> python(id).stream()).findFirst().orElse(FALLBACK);
  }

  /** The command that installs the venv module for this Python version. */
  String venvCommand(String version) {
    return ids.contains("debian") || ids.contains("ubuntu")
        ? "sudo apt-get install -y python" + version + "-venv"
        : "install the venv and ensurepip modules of Python " + version;
  }

  private static Optional<String> python(String id) {
    return Optional.ofNullable(
        switch (id) {
          case "debian" -> "sudo apt-get install -y python3 python3-venv";
          case "ubuntu" ->
              "sudo apt-get install -y python3 python3-venv"
                  + "   (22.04: sudo apt-get install -y python3.11 python3.11-venv)";
          case "fedora" -> "sudo dnf install -y python3.13";
          case "rhel", "centos", "rocky", "almalinux", "ol" -> "sudo dnf install -y python3.12";
          case "opensuse", "suse", "sles", "opensuse-leap", "opensuse-tumbleweed" ->
              "sudo zypper install python313";
          case "alpine" -> "sudo apk add python3";
          case "arch" -> "sudo pacman -S --needed uv && uv python install 3.13";
          default -> null;
        });
  }
}
