package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A Python with an AMQP 1.0 client, in a virtual environment below {@code target}. */
public final class Python {

  private static final String CLIENT = "python-qpid-proton==0.40.0";
  private static final Path ENVIRONMENT = Path.of("target/test-python").toAbsolutePath();

  private static final Path LOG = ENVIRONMENT.resolveSibling("test-python.log");

  private Python() {}

  /** The interpreter that has the client, which the first call installs. */
  public static synchronized String withAmqp() throws IOException, InterruptedException {
    Path python = ENVIRONMENT.resolve("bin/python");
    Path installed = ENVIRONMENT.resolve("installed");
    if (!Files.exists(installed)) {
      run("python3", "-m", "venv", "--clear", ENVIRONMENT.toString());
      run(python.toString(), "-m", "pip", "install", "--quiet", "--no-cache-dir", CLIENT);
      Files.createFile(installed);
    }
    return python.toString();
  }

  private static void run(String... command) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(LOG.toFile()));
    // pip compiles the client: quickly, for one short test, and so not into its cache of wheels
    builder.environment().put("CFLAGS", "-O0");
    Process process = builder.start();
    assertThat(process.waitFor()).as(String.join(" ", List.of(command)) + "; see " + LOG).isZero();
  }
}
