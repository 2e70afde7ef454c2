package dev.caravan.config.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every {@code caravan.*} property, with its default and a description. A value comes from the
 * environment ({@code CARAVAN_X_Y_Z}), else a system property, else the home's {@code
 * caravan.properties}, else the default. Durations have a unit: {@code 250ms}, {@code 3s}, {@code
 * 60m}.
 */
public enum Setting {
  HOME("caravan.home", "", "the home folder; the working directory if empty"),
  AIPERF_COMMAND(
      "caravan.aiperf.command",
      "",
      "aiperf command; by default that of `caravan setup`, else the one on PATH"),
  AIPERF_ENVIRONMENT(
      "caravan.aiperf.environment", "", "additional environment variables to pass to aiperf"),
  AIPERF_INTERRUPT_GRACE(
      "caravan.aiperf.interrupt-grace",
      "5s",
      "time between SIGINT and SIGKILL when a run is ended"),
  AIPERF_KEY_PASSING(
      "caravan.aiperf.key-passing",
      "launcher",
      "how aiperf gets the API key: launcher, environment or argument"),
  AIPERF_OPTIONS_ALLOWED(
      "caravan.aiperf.options-allowed",
      "",
      "aiperf options to allow in addition to the built-in list"),
  BATCH_MAX_RUNS("caravan.batch.max-runs", "100000", "largest number of runs of a batch"),
  BROKER(
      "caravan.broker",
      "none",
      "none, embedded, or the URL of an Artemis broker, such as tcp://hub:61616"),
  BROKER_KEY_STORE(
      "caravan.broker.key-store",
      "",
      "file with the key and certificate of the embedded broker, or of a client that presents one"
          + " (PKCS #12, JKS or .pem); enables TLS"),
  BROKER_KEY_STORE_PASSWORD_ENV(
      "caravan.broker.key-store-password-env",
      "",
      "environment variable with the password of caravan.broker.key-store"),
  BROKER_LISTEN(
      "caravan.broker.listen",
      "",
      "URL where the embedded broker accepts workers, such as tcp://127.0.0.1:61616"),
  BROKER_MAX_DISK(
      "caravan.broker.max-disk",
      "20GB",
      "size of the embedded broker's files above which it refuses messages from the network"),
  BROKER_PASSWORD_ENV(
      "caravan.broker.password-env", "", "environment variable with the broker password"),
  BROKER_TRUST_STORE(
      "caravan.broker.trust-store",
      "",
      "file with the certificates to trust for the broker (PKCS #12, JKS or .pem), which enables"
          + " TLS; at the embedded broker, those to trust for its clients, who then need one"),
  BROKER_TRUST_STORE_PASSWORD_ENV(
      "caravan.broker.trust-store-password-env",
      "",
      "environment variable with the password of caravan.broker.trust-store"),
  BROKER_USER("caravan.broker.user", "", "broker user"),
  BROKER_USERS_FILE(
      "caravan.broker.users-file", "", "file with the embedded broker's users and their roles"),
  DISK_MIN_FREE(
      "caravan.disk.min-free", "1GB", "free space on the results disk below which no run starts"),
  EVENTS_SECRET(
      "caravan.events.secret",
      "",
      "environment variable with the secret that signs webhook requests"),
  EVENTS_TO("caravan.events.to", "", "Camel endpoint that receives every event"),
  EVENTS_WEBHOOK("caravan.events.webhook", "", "http or https URL that every event is posted to"),
  HOOKS_ALLOWED_FROM(
      "caravan.hooks.allowed-from",
      "inbox",
      "where configs that name hooks may come from, besides the command line: inbox, http, messages"),
  HOOKS_ENVIRONMENT(
      "caravan.hooks.environment", "", "additional environment variables to pass to hooks"),
  HOOKS_LIMIT("caravan.hooks.limit", "30m", "time limit of a hook"),
  HOST_PARALLEL(
      "caravan.host.parallel",
      "",
      "concurrent runs on this host, across all Caravans; caravan.workers if empty"),
  HTTP_HOST("caravan.http.host", "127.0.0.1", "address that the daemon's HTTP server binds to"),
  HTTP_NAMES(
      "caravan.http.names",
      "",
      "additional host names that HTTP requests may use, comma-separated"),
  HTTP_PORT("caravan.http.port", "8090", "port of the daemon's HTTP server"),
  HTTP_TOKEN_FILE(
      "caravan.http.token-file",
      "",
      "file with the token that HTTP requests need; no token if empty"),
  INBOX_POLL("caravan.inbox.poll", "250ms", "interval between scans of the inbox"),
  INBOX_SETTLE(
      "caravan.inbox.settle", "3s", "how long a file must be unchanged before it is accepted"),
  KEYS_ALLOWED(
      "caravan.keys.allowed",
      "*_API_KEY,*_TOKEN,*_KEY",
      "API key variables that a config from the inbox may name"),
  KEYS_ALLOWED_MESSAGES(
      "caravan.keys.allowed.messages",
      "",
      "API key variables that a config from the broker may name; none if empty"),
  LOCKS_DIR(
      "caravan.locks.dir",
      "/tmp/caravan-locks",
      "folder of the locks that all Caravans of a host share"),
  NOTIFY_COMMAND(
      "caravan.notify.command",
      "",
      "command that receives the most urgent events on its standard input"),
  NOTIFY_TIMEOUT("caravan.notify.timeout", "30s", "time limit of caravan.notify.command"),
  QUEUE_RECORDED(
      "caravan.queue.recorded", "", "URI of the queue of ended runs; in memory by default"),
  QUEUE_RUNS("caravan.queue.runs", "", "URI of the queue of runs to execute; in memory by default"),
  READINESS_INTERVAL(
      "caravan.readiness.interval", "5s", "time between two probes of a target that is not ready"),
  READINESS_WAIT(
      "caravan.readiness.wait",
      "60m",
      "how long to wait for a target that is not ready; 10m in the one-shot command"),
  REPORT_INTERVAL(
      "caravan.report.interval",
      "60s",
      "shortest time between two updates of report.html while a batch runs; 0s for none"),
  RESULTS_KEEP(
      "caravan.results.keep",
      "off",
      "batches of a name to keep when one has ended: the newest, such as 30, or those of the last"
          + " days, such as 90d; followed by compress, the others are compressed, not deleted"),
  RESULTS_MAX_SIZE(
      "caravan.results.max-size", "10GB", "largest result that a worker may send for one run"),
  RESULTS_ROOTS(
      "caravan.results.roots",
      "",
      "folders outside the home that may hold results, comma-separated"),
  RESULTS_SHARED(
      "caravan.results.shared",
      "",
      "folder shared by hub and workers to transfer the files of runs; through the broker if empty"),
  RUN_MAX_LOST("caravan.run.max-lost", "5", "consecutive lost attempts after which a run fails"),
  ROLE("caravan.role", "both", "with a broker: hub, worker or both"),
  SHUTDOWN_DRAIN(
      "caravan.shutdown.drain",
      "0s",
      "how long a stop waits for runs in progress before it ends them"),
  SHUTDOWN_INPUT_END(
      "caravan.shutdown.input-end",
      "ignore",
      "ignore, or stop: whether serve stops when its standard input ends"),
  RUN_ALLOWANCE(
      "caravan.run.allowance",
      "",
      "longest time that a run may take beyond its benchmark_duration, whatever its limits"),
  WORKER_HEARTBEAT(
      "caravan.worker.heartbeat", "10s", "interval between heartbeats of hub and workers"),
  WORKER_LEASE(
      "caravan.worker.lease",
      "2m",
      "how long a worker without a heartbeat of the hub continues its run"),
  WORKER_POOLS("caravan.worker.pools", "default", "pools that this worker serves"),
  WORKERS("caravan.workers", "1", "concurrent runs in all, each on a different target");

  private final String key;
  private final String defaultValue;
  private final String description;

  Setting(String key, String defaultValue, String description) {
    this.key = key;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The property name, such as {@code caravan.inbox.settle}. */
  public String key() {
    return key;
  }

  /** The default; empty if there is none. */
  public String defaultValue() {
    return defaultValue;
  }

  /** What it sets, in one phrase. */
  public String description() {
    return description;
  }

  /** The environment variable that sets it, such as {@code CARAVAN_INBOX_SETTLE}. */
  public String variable() {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** The setting with this key. */
  public static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
  }
}
