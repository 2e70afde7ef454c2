package dev.caravan.tools.simulator;

import java.util.List;

/** Several behaviors as one: each changes what the former one returns. */
final class Behaviors implements Behavior {

  private final List<Behavior> all;

  Behaviors(List<Behavior> all) {
    this.all = List.copyOf(all);
  }

  /** Asks every behavior, since some count the requests. */
  @Override
  public boolean responds() {
    boolean responds = true;
    for (Behavior each : all) {
      responds &= each.responds();
    }
    return responds;
  }

  @Override
  public CompletionRequest response(CompletionRequest request) {
    CompletionRequest changed = request;
    for (Behavior each : all) {
      changed = each.response(changed);
    }
    return changed;
  }

  @Override
  public Usage usage(CompletionRequest request, Usage usage) {
    Usage changed = usage;
    for (Behavior each : all) {
      changed = each.usage(request, changed);
    }
    return changed;
  }

  @Override
  public boolean buffersStreams() {
    return all.stream().anyMatch(Behavior::buffersStreams);
  }

  @Override
  public TokenSink reply(TokenSink reply) {
    TokenSink changed = reply;
    for (Behavior each : all) {
      changed = each.reply(changed);
    }
    return changed;
  }

  @Override
  public long ttftNanos(Usage usage, long elapsed, long nanos) {
    long changed = nanos;
    for (Behavior each : all) {
      changed = each.ttftNanos(usage, elapsed, changed);
    }
    return changed;
  }

  @Override
  public long itlNanos(long elapsed, long nanos) {
    long changed = nanos;
    for (Behavior each : all) {
      changed = each.itlNanos(elapsed, changed);
    }
    return changed;
  }

  @Override
  public long sendAt(long due) {
    long changed = due;
    for (Behavior each : all) {
      changed = each.sendAt(changed);
    }
    return changed;
  }

  @Override
  public void restart() {
    all.forEach(Behavior::restart);
  }
}
