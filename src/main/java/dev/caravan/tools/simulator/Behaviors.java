package dev.caravan.tools.simulator;

import java.util.List;
import java.util.function.Predicate;

/** Several behaviors as one: each changes what the former one returns. */
final class Behaviors implements Behavior {

  private final List<Behavior> all;

  Behaviors(List<Behavior> all) {
    this.all = List.copyOf(all);
  }

  @Override
  public boolean responds() {
    return !any(each -> !each.responds());
  }

  @Override
  public boolean cancels() {
    return any(Behavior::cancels);
  }

  /** Asks every behavior, since some count the requests. */
  private boolean any(Predicate<Behavior> asked) {
    boolean any = false;
    for (Behavior each : all) {
      any |= asked.test(each);
    }
    return any;
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
  public boolean buffersStream() {
    return any(Behavior::buffersStream);
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
