package dev.caravan.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option that sends the text of a command to a file. */
final class TextOutput {

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  @Option(names = "--output", paramLabel = "FILE", description = "File to write (default: stdout).")
  private Path file;

  /** Writes the text, to a file as a whole. */
  void write(String text) throws IOException {
    if (file == null) {
      PrintWriter out = command.commandLine().getOut();
      out.print(text);
      out.flush();
    } else {
      OutputFile.write(file, text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
