package dev.caravan.chaos;

import dev.caravan.testing.Caravan;
import dev.caravan.testing.Program;
import dev.caravan.testing.StandaloneBroker;
import dev.caravan.testing.WebhookServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A broker, a hub and workers, each in a separate JVM and home, with one recording aiperf and one
 * ledger. Closing it stops everything it started.
 */
final class FleetTestbed implements AutoCloseable {

  /** Member name of the hub. */
  static final String HUB = "hub";

  /** Member name of the broker. */
  static final String BROKER = "broker";

  private final Path folder;
  private final String url = "tcp://127.0.0.1:" + Caravan.freePort();
  private final RecordingAiperf aiperf;
  private final FakeTargets targets;
  private final WebhookServer webhook;
  private final Ledger ledger = new Ledger();
  private final Map<String, Caravan> members = new HashMap<>();
  private final Map<String, Program> programs = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();
  private final Duration heartbeat;
  private final Duration lease;
  private String brokerUrl = url;

  /** Starts a broker; start the other members by name. */
  FleetTestbed(Path folder, int targets, Duration heartbeat, Duration lease) {
    this.folder = folder;
    this.heartbeat = heartbeat;
    this.lease = lease;
    this.aiperf = new RecordingAiperf(folder.resolve("bin"));
    this.targets = new FakeTargets(targets);
    try {
      this.webhook = new WebhookServer();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(BROKER);
    programs.get(BROKER).awaitLine("broker is up");
  }

  /** Sets an environment variable for members started from now on. */
  FleetTestbed with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Connects members started from now on to the broker through a tap that looks for patterns. */
  MessageTap tap(String... patterns) {
    MessageTap tap = new MessageTap(MessageTap.port(url), List.of(patterns));
    brokerUrl = tap.url();
    return tap;
  }

  RecordingAiperf aiperf() {
    return aiperf;
  }

  Ledger ledger() {
    return ledger;
  }

  WebhookServer webhook() {
    return webhook;
  }

  FakeTargets targets() {
    return targets;
  }

  /** URL of the broker. */
  String url() {
    return url;
  }

  Path home() {
    return member(HUB).home();
  }

  /** Starts a member: the broker, the hub, or a worker with any other name. */
  Program start(String name) {
    Caravan member = member(name);
    Program program =
        switch (name) {
          case BROKER ->
              member.startMain(StandaloneBroker.class, Map.of(), member.home().toString(), url);
          case HUB -> member.startJar("serve", "--role", "hub", "--broker", brokerUrl);
          default -> member.startJar("serve", "--role", "worker", "--broker", brokerUrl);
        };
    programs.put(name, program);
    return program;
  }

  /** Kills only the process of a member, not its children. */
  void kill(String name) {
    programs.get(name).kill();
  }

  /** Submits a config by renaming it into the hub's inbox. */
  void submit(int runs, String model, int target) {
    submit(runs, model, target, "  streaming: true");
  }

  /** The same with additional base_config keys and sections. */
  void submit(int runs, String model, int target, String more) {
    String name = "b" + ledger.configs();
    member(HUB).drop(name + ".yaml", ledger.record(name, runs, model, targets.url(target), more));
  }

  /** Waits until everything submitted is finished. */
  void awaitSettled(Duration atMost) {
    await(atMost, () -> ledger.settled(home()) || !exited().isEmpty());
    if (!exited().isEmpty()) {
      throw new AssertionError("exited unexpectedly: " + exited() + "; " + pending());
    }
  }

  /** Waits until this many executions have ended. */
  void awaitExecutions(Duration atMost, int ends) {
    await(
        atMost,
        () ->
            aiperf.executions().stream().filter(RecordingAiperf.Execution::ended).count() >= ends);
  }

  private void await(Duration atMost, Callable<Boolean> condition) {
    try {
      Awaitility.await().atMost(atMost).pollInterval(Duration.ofMillis(500)).until(condition);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError("condition not met after " + atMost + ": " + pending(), e);
    }
  }

  /** Members whose process has exited without being killed. */
  private List<String> exited() {
    return programs.entrySet().stream()
        .filter(entry -> !entry.getValue().isRunning())
        .map(Map.Entry::getKey)
        .toList();
  }

  private String pending() {
    StringBuilder message = new StringBuilder("lost " + ledger.check(home()).lost());
    message.append(", flights ").append(member(HUB).list(".caravan/in-flight"));
    programs.forEach(
        (name, program) ->
            message
                .append("\n--- ")
                .append(name)
                .append(", spool ")
                .append(member(name).list(".caravan/spool"))
                .append(", end of log:\n")
                .append(Testbed.tail(program.err())));
    return message.toString();
  }

  private Caravan member(String name) {
    Caravan member = members.computeIfAbsent(name, this::newMember);
    environment.forEach(member::with);
    return member;
  }

  private Caravan newMember(String n) {
    return Caravan.in(folder.resolve(n))
        .withAiperf(aiperf.command())
        .with("CARAVAN_WORKERS", "2")
        .with("CARAVAN_RUN_MAX_LOST", "1000")
        .with("CARAVAN_READINESS_INTERVAL", "300ms")
        .with("CARAVAN_INBOX_POLL", "100ms")
        .with("CARAVAN_EVENTS_WEBHOOK", n.equals(HUB) ? webhook.url() : "")
        .with("CARAVAN_WORKER_HEARTBEAT", heartbeat.toMillis() + "ms")
        .with("CARAVAN_WORKER_LEASE", lease.toMillis() + "ms");
  }

  /** The files in the spools of the workers. */
  List<Path> spools() {
    List<Path> all = new ArrayList<>();
    members.values().forEach(member -> all.addAll(member.list(".caravan/spool")));
    return all;
  }

  @Override
  public void close() {
    members.values().forEach(Caravan::close);
    targets.close();
    webhook.close();
  }
}
