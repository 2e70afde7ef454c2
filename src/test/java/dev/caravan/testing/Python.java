package dev.caravan.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A Python with an AMQP 1.0 client, in a virtual environment below {@code target}. */
public final class Python {

  private static final String CLIENT = "python-qpid-proton==0.40.0";
  private static final Path ENVIRONMENT = Path.of("target/test-python").toAbsolutePath();

  private static final Path LOCK = ENVIRONMENT.resolveSibling("test-python.lock");
  private static final Path LOG = ENVIRONMENT.resolveSibling("test-python.log");

  private Python() {}

  /**
   * The interpreter that has the client, which the first call installs; the test is skipped where
   * nothing can compile it.
   */
  public static synchronized String withAmqp() throws IOException, InterruptedException {
    Path python = ENVIRONMENT.resolve("bin/python");
    Files.createDirectories(LOCK.getParent());
    // Test classes run in processes of their own.
    try (FileChannel lock =
        FileChannel.open(LOCK, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      lock.lock();
      install(python);
    }
    return python.toString();
  }

  private static void install(Path python) throws IOException, InterruptedException {
    Path installed = ENVIRONMENT.resolve("installed");
    if (!Files.exists(installed)) {
      assumeTrue(
          compilesExtensions(), "needs gcc, pkg-config and the headers of Python and OpenSSL");
      run("python3", "-m", "venv", "--clear", ENVIRONMENT.toString());
      run(python.toString(), "-m", "pip", "install", "--quiet", "--no-cache-dir", CLIENT);
      Files.createFile(installed);
    }
  }

  private static boolean compilesExtensions() throws IOException, InterruptedException {
    String check =
        "import os, shutil, sysconfig; assert shutil.which('gcc') and shutil.which('pkg-config');"
            + " os.stat(sysconfig.get_path('include') + '/Python.h'); os.stat('/usr/include/openssl/ssl.h')";
    Process python = new ProcessBuilder("python3", "-c", check).redirectErrorStream(true).start();
    python.getInputStream().readAllBytes();
    return python.waitFor() == 0;
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
