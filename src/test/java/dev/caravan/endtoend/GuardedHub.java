package dev.caravan.endtoend;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.KeyTool;
import dev.caravan.testing.Program;
import jakarta.jms.JMSContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

/** A hub whose embedded broker is on the network, with TLS and a user of each role. */
final class GuardedHub implements AutoCloseable {

  static final String STORE_PASSWORD = "store-secret";
  private static final String USERS =
      """
      # name  roles        password
      lab1    work         env:LAB_PASSWORD
      ci      submit       env:CI_PASSWORD
      reader  read-events  env:READER_PASSWORD
      boss    admin        env:BOSS_PASSWORD
      """;

  final Path folder;
  final int port;
  final Path certificate;
  final Caravan caravan;
  private Program program;

  GuardedHub(Path folder) throws IOException {
    this.folder = folder;
    port = Caravan.freePort();
    caravan = Caravan.in(folder.resolve("hub"));
    Path store = KeyTool.keyStore(folder.resolve("hub.p12"), STORE_PASSWORD);
    certificate = KeyTool.certificate(store, STORE_PASSWORD, folder.resolve("hub.pem"));
    secret(caravan.write("users", USERS));
    caravan
        .with("CARAVAN_BROKER", "embedded")
        .with("CARAVAN_ROLE", "hub")
        .with("CARAVAN_BROKER_LISTEN", "tcp://0.0.0.0:" + port)
        .with("CARAVAN_BROKER_KEY_STORE", store.toString())
        .with("CARAVAN_BROKER_KEY_STORE_PASSWORD_ENV", "STORE_PASSWORD")
        .with("CARAVAN_BROKER_USERS_FILE", "users")
        .with("CARAVAN_WORKER_HEARTBEAT", "500ms")
        .with("STORE_PASSWORD", STORE_PASSWORD)
        .with("LAB_PASSWORD", "lab-secret")
        .with("CI_PASSWORD", "ci-secret")
        .with("READER_PASSWORD", "reader-secret")
        .with("BOSS_PASSWORD", "boss-secret");
  }

  /** Starts the hub, and waits until its broker is up. */
  void start() {
    program = caravan.startJar("serve");
    program.awaitLine("Watching inbox");
    program.awaitLine("with TLS, for 4 users");
  }

  /** The program of the hub. */
  Program program() {
    return program;
  }

  /** Makes a file one that only its owner reads. */
  static void secret(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  String plain() {
    return "tcp://127.0.0.1:" + port;
  }

  String tls() {
    return plain() + "?sslEnabled=true&trustStoreType=PEM&trustStorePath=" + certificate;
  }

  JMSContext connect(String user, String password) {
    ActiveMQConnectionFactory factory =
        new ActiveMQConnectionFactory(tls() + "&reconnectAttempts=0&callTimeout=60000");
    return factory.createContext(user, password, JMSContext.AUTO_ACKNOWLEDGE);
  }

  /** A config of one run that succeeds. */
  static String config(String name) {
    return """
        batch_name: %s
        base_config: {model: fake-ok, url: "http://127.0.0.1:9", warmup_request_count: 2,
          benchmark_duration: 1, concurrency: 1}
        readiness: {preflight: false, endpoint: none}
        """
        .formatted(name);
  }

  @Override
  public void close() {
    caravan.close();
  }
}
