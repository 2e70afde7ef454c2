package dev.caravan.cli;

import dev.caravan.tools.simulator.Deployment;
import dev.caravan.tools.simulator.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/**
 * Options of {@code caravan simulate} that make the service lie to its clients, or fail them. Those
 * without a value are empty once picocli has parsed the command line; the help would show a value
 * given here as their default.
 */
final class FaultOptions {

  @Option(
      names = "--reply-tokens",
      paramLabel = "N|xF",
      description =
          "Length of every response: a number, or a factor of the requested length; not less than"
              + " requested with ignore_eos: true.")
  private Optional<String> replyTokens;

  @Option(
      names = "--refuse",
      description = "Answer every request with the same refusal of 9 tokens.")
  private boolean refuse;

  @Option(
      names = "--truncate",
      paramLabel = "SHARE",
      arity = "0..1",
      fallbackValue = "1",
      description =
          "Break off this fraction of the responses in the middle, a stream with an error event"
              + " after status 200; all without a value.")
  private Optional<Double> truncate;

  @Option(
      names = "--cut-off",
      paramLabel = "SHARE",
      arity = "0..1",
      fallbackValue = "1",
      description =
          "End this fraction of the streams in the middle, without an error, a finish reason and a"
              + " usage; all without a value.")
  private Optional<Double> cutOff;

  @Option(
      names = "--one-chunk",
      paramLabel = "SHARE",
      arity = "0..1",
      fallbackValue = "1",
      description =
          "Send this fraction of the streams in one piece at their end, as a buffering proxy does;"
              + " all without a value.")
  private Optional<Double> oneChunk;

  @Option(
      names = "--filler",
      description =
          "Send a blank as soon as a request comes, as a gateway does to keep the connection open.")
  private boolean filler;

  @Option(
      names = "--no-usage",
      paramLabel = "SHARE",
      arity = "0..1",
      fallbackValue = "1",
      description =
          "Leave the token counts out of this fraction of the responses; all without a value.")
  private Optional<Double> noUsage;

  @Option(
      names = "--cancelled",
      paramLabel = "SHARE",
      arity = "0..1",
      fallbackValue = "1",
      description =
          "Answer this fraction of the completion requests with status 499, in the words of aiperf"
              + " for requests that it cancels itself; all without a value.")
  private Optional<Double> cancelled;

  @Option(
      names = "--usage-factor",
      paramLabel = "F",
      description = "Multiply the reported completion tokens by this.")
  private Optional<Double> usageFactor;

  @Option(
      names = "--prefix-cache",
      description =
          "Cache prefixes of prompts, and report cached_tokens and vllm:prefix_cache_*; a chat"
              + " template of 16 tokens is always cached.")
  private boolean prefixCache;

  @Option(
      names = "--prefill",
      paramLabel = "T/token",
      description = "Time for each prompt token that is not cached, such as 1ms/token.")
  private Optional<String> prefill;

  @Option(names = "--serial-prefill", description = "Compute one prompt at a time.")
  private boolean serialPrefill;

  @Option(names = "--drift", paramLabel = "P%", description = "Get slower by this much every 10 s.")
  private Optional<String> drift;

  @Option(
      names = "--silence",
      paramLabel = "T@T",
      description =
          "Send nothing for a while, such as 4s@2s: for 4 s, 2 s after the first request.")
  private Optional<String> silence;

  @Option(
      names = "--wedge-after",
      paramLabel = "N",
      description =
          "Respond only to the first N completion requests, and to N more after a" + " restart.")
  private Optional<Long> wedgeAfter;

  @Option(
      names = "--restart-at",
      paramLabel = "T",
      description =
          "Simulate one restart: drop all connections, empty the cache, report another process; 0s"
              + " for never.",
      defaultValue = "0s",
      converter = DurationConverter.class)
  private Duration restartAt;

  @Option(
      names = "--engine-version",
      paramLabel = "V",
      description = "The version that /version reports.",
      defaultValue = "0.0.0")
  private String version;

  @Option(
      names = "--replicas",
      paramLabel = "N",
      description = "Number of processes that take turns, each with its own process start.",
      defaultValue = "1")
  private int replicas;

  @Option(
      names = "--others",
      paramLabel = "N",
      description = "Number of requests of other clients that are always in progress.",
      defaultValue = "0")
  private int others;

  /** The faults, in the order in which they build on each other. */
  List<Fault> faults() {
    List<Fault> faults = new ArrayList<>();
    replyTokens.map(Fault::replyTokens).ifPresent(faults::add);
    addIf(refuse, Fault.refuse(), faults);
    truncate.map(Fault::truncate).ifPresent(faults::add);
    cutOff.map(Fault::cutOff).ifPresent(faults::add);
    oneChunk.map(Fault::oneChunk).ifPresent(faults::add);
    addIf(filler, Fault.filler(), faults);
    noUsage.map(Fault::noUsage).ifPresent(faults::add);
    cancelled.map(Fault::cancelled).ifPresent(faults::add);
    usageFactor.map(Fault::usageFactor).ifPresent(faults::add);
    addIf(prefixCache, Fault.prefixCache(), faults);
    prefill.map(Fault::prefill).ifPresent(faults::add);
    addIf(serialPrefill, Fault.serialPrefill(), faults);
    drift.map(Fault::drift).ifPresent(faults::add);
    silence.map(Fault::silence).ifPresent(faults::add);
    wedgeAfter.map(Fault::wedgeAfter).ifPresent(faults::add);
    return faults;
  }

  private static void addIf(boolean given, Fault fault, List<Fault> faults) {
    if (given) {
      faults.add(fault);
    }
  }

  /** Version, replicas, restart and other clients. */
  Deployment deployment() {
    return new Deployment(version, replicas, restartAt, others);
  }
}
