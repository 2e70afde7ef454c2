package dev.caravan.config.settings;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * Every {@code caravan.*} property, with its default and what it means. A value comes from the
 * environment ({@code CARAVAN_X_Y_Z}), then a system property, then {@code caravan.properties} of
 * the home, then the default here. Durations carry their unit: {@code 250ms}, {@code 3s}, {@code
 * 60m}.
 */
public enum Setting {
  HOME("caravan.home", "", "folder that Caravan lives in; the working directory when empty"),
  AIPERF_COMMAND(
      "caravan.aiperf.command", "", "aiperf to run; the one of `caravan setup`, else on PATH"),
  AIPERF_ENVIRONMENT(
      "caravan.aiperf.environment", "", "further environment variables that aiperf may see"),
  AIPERF_INTERRUPT_GRACE(
      "caravan.aiperf.interrupt-grace", "5s", "how long SIGINT may take before SIGKILL"),
  AIPERF_KEY_PASSING(
      "caravan.aiperf.key-passing",
      "launcher",
      "how aiperf gets the API key: launcher, environment or argument"),
  AIPERF_OPTIONS_ALLOWED(
      "caravan.aiperf.options-allowed", "", "aiperf_options allowed beyond the shipped list"),
  BATCH_MAX_RUNS("caravan.batch.max-runs", "100000", "the most runs that one config may have"),
  BROKER(
      "caravan.broker",
      "none",
      "none, embedded, or the url of an Artemis, such as tcp://hub:61616"),
  BROKER_KEY_STORE(
      "caravan.broker.key-store",
      "",
      "file with the key and certificate of the embedded broker (PKCS #12, JKS, or .pem); TLS then"),
  BROKER_KEY_STORE_PASSWORD_ENV(
      "caravan.broker.key-store-password-env",
      "",
      "variable that holds the password of caravan.broker.key-store"),
  BROKER_LISTEN(
      "caravan.broker.listen",
      "",
      "url that the embedded broker accepts workers at, such as tcp://127.0.0.1:61616"),
  BROKER_PASSWORD_ENV(
      "caravan.broker.password-env", "", "variable that holds the password at the broker"),
  BROKER_TRUST_STORE(
      "caravan.broker.trust-store",
      "",
      "file with the certificates that the broker's must come from (PKCS #12, JKS, or .pem); TLS"
          + " then"),
  BROKER_TRUST_STORE_PASSWORD_ENV(
      "caravan.broker.trust-store-password-env",
      "",
      "variable that holds the password of caravan.broker.trust-store"),
  BROKER_USER("caravan.broker.user", "", "user at the broker"),
  BROKER_USERS_FILE(
      "caravan.broker.users-file",
      "",
      "file with the users of the embedded broker and their roles"),
  DISK_MIN_FREE(
      "caravan.disk.min-free", "1GB", "free space on the results' disk below which nothing starts"),
  EVENTS_SECRET(
      "caravan.events.secret", "", "name of the variable with the secret that webhooks check"),
  EVENTS_TO("caravan.events.to", "", "Camel endpoint that gets every event"),
  EVENTS_WEBHOOK("caravan.events.webhook", "", "http or https URL that every event is posted to"),
  HOST_PARALLEL(
      "caravan.host.parallel",
      "",
      "runs at once on this host, over all Caravans; as many as caravan.workers when empty"),
  HTTP_HOST("caravan.http.host", "127.0.0.1", "address that the daemon's HTTP binds to"),
  HTTP_NAMES(
      "caravan.http.names", "", "further host names by which the HTTP may be called, with commas"),
  HTTP_PORT("caravan.http.port", "8090", "port of the daemon's HTTP"),
  HTTP_TOKEN_FILE(
      "caravan.http.token-file", "", "file with the token that HTTP asks for; none when empty"),
  INBOX_POLL("caravan.inbox.poll", "250ms", "time between two looks into the inbox"),
  INBOX_SETTLE("caravan.inbox.settle", "3s", "age at which a dropped file counts as whole"),
  KEYS_ALLOWED(
      "caravan.keys.allowed",
      "*_API_KEY,*_TOKEN,*_KEY",
      "key variables that a config from the inbox may name"),
  KEYS_ALLOWED_MESSAGES(
      "caravan.keys.allowed.messages",
      "",
      "key variables that a config from the broker may name; none when empty"),
  LOCKS_DIR(
      "caravan.locks.dir",
      "/tmp/caravan-locks",
      "folder of the locks that Caravans of a host share"),
  NOTIFY_COMMAND(
      "caravan.notify.command",
      "",
      "command that gets the events a person wants to know at once, on its standard input"),
  NOTIFY_TIMEOUT(
      "caravan.notify.timeout",
      "30s",
      "how long caravan.notify.command may take before it is ended"),
  QUEUE_RECORDED(
      "caravan.queue.recorded", "", "queue of what happened to runs; in memory by itself"),
  QUEUE_RUNS("caravan.queue.runs", "", "queue of runs to execute; in memory by itself"),
  READINESS_INTERVAL(
      "caravan.readiness.interval", "5s", "time between two tries of a target that is not ready"),
  READINESS_WAIT(
      "caravan.readiness.wait",
      "60m",
      "patience with one outage of a target; 10m in the one-shot command"),
  REPORT_INTERVAL(
      "caravan.report.interval",
      "60s",
      "shortest time between two report.html of a batch that runs; 0s: none are made"),
  RESULTS_MAX_SIZE(
      "caravan.results.max-size", "10GB", "the most that a worker may send for one run"),
  RESULTS_ROOTS(
      "caravan.results.roots",
      "",
      "folders outside the home that may hold results, comma-separated"),
  RESULTS_SHARED(
      "caravan.results.shared",
      "",
      "folder that hub and workers share, by which the files of runs come to the hub; through the broker when empty"),
  RUN_MAX_LOST(
      "caravan.run.max-lost",
      "5",
      "attempts of a run in a row that may be lost before it is given up"),
  ROLE("caravan.role", "both", "with a broker: hub, worker or both"),
  SHUTDOWN_DRAIN(
      "caravan.shutdown.drain",
      "0s",
      "how long a stop lets the run under way go on before ending it"),
  RUN_ALLOWANCE(
      "caravan.run.allowance",
      "",
      "the most that a run may take beyond its benchmark_duration, whatever its limits say"),
  WORKER_HEARTBEAT(
      "caravan.worker.heartbeat", "10s", "time between two signs of life of hub and workers"),
  WORKER_LEASE(
      "caravan.worker.lease", "2m", "how long a run may go unnamed by workers before it is lost"),
  WORKER_POOLS("caravan.worker.pools", "default", "pools that this worker serves"),
  WORKERS("caravan.workers", "1", "runs at once in all, each on another target");

  private final String key;
  private final String byDefault;
  private final String meaning;

  Setting(String key, String byDefault, String meaning) {
    this.key = key;
    this.byDefault = byDefault;
    this.meaning = meaning;
  }

  public String key() {
    return key;
  }

  public String byDefault() {
    return byDefault;
  }

  public String meaning() {
    return meaning;
  }

  /** The environment variable that sets it, such as {@code CARAVAN_INBOX_SETTLE}. */
  public String variable() {
    return key.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
  }

  /** The setting of this key. */
  public static Optional<Setting> ofKey(String key) {
    return Arrays.stream(values()).filter(s -> s.key.equals(key)).findFirst();
  }
}
