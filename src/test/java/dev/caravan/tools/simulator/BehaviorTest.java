package dev.caravan.tools.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What each fault changes, and that without it nothing changes. */
class BehaviorTest {

  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final Usage USAGE = new Usage(100, 32, OptionalInt.empty());
  private static final CompletionRequest REQUEST = request("Say something.");

  private static CompletionRequest request(String prompt) {
    return new CompletionRequest(
        Endpoint.CHAT, "m", true, true, new Prompt(List.of(prompt), 0), 32, false, "length");
  }

  private static Behaviors with(Fault... faults) {
    return Fault.start(List.of(faults));
  }

  @Test
  void withoutFaultsNothingChanges() {
    // given
    Behaviors none = with();
    List<String> words = new ArrayList<>();
    TokenSink sink = sink(words);

    // then
    assertThat(none.responds()).isTrue();
    assertThat(none.response(REQUEST)).isEqualTo(REQUEST);
    assertThat(none.usage(REQUEST, USAGE)).isEqualTo(USAGE);
    assertThat(none.cancels()).isFalse();
    assertThat(none.buffersStream()).isFalse();
    assertThat(none.reply(sink)).isSameAs(sink);
    assertThat(none.ttftNanos(USAGE, 5 * SECOND, 40)).isEqualTo(40);
    assertThat(none.itlNanos(5 * SECOND, 8)).isEqualTo(8);
    assertThat(none.sendAt(3 * SECOND)).isEqualTo(3 * SECOND);
  }

  @Test
  void repliesOfAFixedLengthOrAMultipleOfWhatIsRequested() {
    assertThat(with(Fault.replyTokens("9")).response(REQUEST).outputTokens()).isEqualTo(9);
    assertThat(with(Fault.replyTokens("x10")).response(REQUEST).outputTokens()).isEqualTo(320);
    assertThat(with(Fault.replyTokens("x0.5")).response(REQUEST).outputTokens()).isEqualTo(16);
    assertThat(with(Fault.replyTokens("x10")).response(REQUEST).finishReason()).isEqualTo("stop");
  }

  @Test
  void refusesWithTheSameNineTokens() {
    // given
    Behaviors refusing = with(Fault.refuse());
    List<String> words = new ArrayList<>();

    // when
    CompletionRequest response = refusing.response(REQUEST);
    TokenSink reply = refusing.reply(sink(words));
    for (int i = 0; i < response.outputTokens(); i++) {
      reply.token(ReplyText.word(i));
    }

    // then
    assertThat(String.join("", words)).isEqualTo("I'm sorry, but I can't help with that");
    assertThat(new TokenCounter().count(String.join("", words))).isEqualTo(9);
  }

  @Test
  void breaksOffAFractionOfTheResponsesInTheMiddle() {
    // given
    Behaviors half = with(Fault.truncate(0.5));

    // when
    List<CompletionRequest> responses =
        List.of(half.response(REQUEST), half.response(REQUEST), half.response(REQUEST));

    // then
    assertThat(responses).extracting(CompletionRequest::outputTokens).containsExactly(32, 16, 32);
    assertThat(responses.get(1).finishReason()).isEqualTo(CompletionRequest.BROKEN);
  }

  @Test
  void cutsOffAFractionOfTheStreamsOnly() {
    // given
    Behaviors half = with(Fault.cutOff(0.5));
    CompletionRequest whole =
        new CompletionRequest(
            Endpoint.CHAT, "m", false, true, REQUEST.prompt(), 32, false, "length");

    // when, then
    assertThat(Stream.of(REQUEST, whole, whole, REQUEST).map(half::response))
        .extracting(CompletionRequest::outputTokens)
        .containsExactly(32, 32, 32, 16);
  }

  @Test
  void buffersAFractionOfTheStreams() {
    // given
    Behaviors third = with(Fault.oneChunk(0.34), Fault.wedgeAfter(0));

    // then
    assertThat(Stream.generate(third::buffersStream).limit(7))
        .containsExactly(false, false, true, false, false, true, false);
  }

  @Test
  void doesNotStopEarlyWhenARequestIgnoresTheEnd() {
    // given
    CompletionRequest endless =
        new CompletionRequest(
            Endpoint.CHAT, "m", true, true, new Prompt(List.of("Say."), 0), 32, true, "length");

    // then
    assertThat(with(Fault.replyTokens("9")).response(endless).outputTokens()).isEqualTo(32);
    assertThat(with(Fault.replyTokens("x2")).response(endless).outputTokens()).isEqualTo(64);
    assertThat(with(Fault.replyTokens("9")).response(REQUEST).outputTokens()).isEqualTo(9);
  }

  @Test
  void reportsMoreTokensThanThereAre() {
    assertThat(with(Fault.usageFactor(1.3)).usage(REQUEST, USAGE))
        .isEqualTo(new Usage(100, 42, OptionalInt.empty()));
  }

  @Test
  void cachesCommonPrefixesAndAlwaysTheTemplate() {
    // given
    Behaviors cache = with(Fault.prefixCache());
    String prompt = "A caravan crosses the desert. ".repeat(20);

    // when
    Usage cold = cache.usage(request(prompt), USAGE);
    Usage warm = cache.usage(request(prompt), USAGE);
    Usage half = cache.usage(request(prompt.substring(0, 300) + "x".repeat(300)), USAGE);
    cache.restart();
    Usage restarted = cache.usage(request(prompt), USAGE);

    // then
    assertThat(cold).isEqualTo(new Usage(116, 32, OptionalInt.of(16)));
    assertThat(warm.cached().orElseThrow()).isEqualTo(16 + 96); // 9 blocks of 64 in 600
    assertThat(half.cached().orElseThrow()).isEqualTo(16 + 42); // 4 blocks
    assertThat(restarted).isEqualTo(cold);
  }

  @Test
  void needsTimeForEachTokenThatIsNotCached() {
    // given
    Behaviors prefill = with(Fault.prefill("1ms/token"));

    // then
    assertThat(prefill.ttftNanos(USAGE, 0, 7)).isEqualTo(100_000_007);
    assertThat(prefill.ttftNanos(new Usage(100, 32, OptionalInt.of(90)), 0, 7))
        .isEqualTo(10_000_007);
  }

  @Test
  void computesPromptsInTurn() {
    // given
    Behaviors serial = with(Fault.serialPrefill());

    // then
    assertThat(serial.ttftNanos(USAGE, 1_000, 40)).isEqualTo(40);
    assertThat(serial.ttftNanos(USAGE, 1_000, 40)).isEqualTo(80);
    assertThat(serial.ttftNanos(USAGE, 1_060, 40)).isEqualTo(60);
    assertThat(serial.ttftNanos(USAGE, 9_000, 40)).isEqualTo(40);
  }

  @Test
  void getsSlowerByTheFractionInTenSeconds() {
    // given
    Behaviors drifting = with(Fault.drift("50%"));

    // then
    assertThat(drifting.itlNanos(0, 8_000)).isEqualTo(8_000);
    assertThat(drifting.itlNanos(10 * SECOND, 8_000)).isEqualTo(12_000);
    assertThat(drifting.ttftNanos(USAGE, 20 * SECOND, 8_000)).isEqualTo(16_000);
  }

  @Test
  void sendsNothingForAWhile() {
    // given
    Behaviors silent = with(Fault.silence("4s@2s"));

    // then
    assertThat(silent.sendAt(SECOND)).isEqualTo(SECOND);
    assertThat(silent.sendAt(3 * SECOND)).isEqualTo(6 * SECOND);
    assertThat(silent.sendAt(7 * SECOND)).isEqualTo(7 * SECOND);
  }

  @Test
  void respondsToNoMoreThanTheFirstRequestsUntilItRestarts() {
    // given
    Behaviors wedged = with(Fault.wedgeAfter(2));

    // then
    assertThat(List.of(wedged.responds(), wedged.responds(), wedged.responds()))
        .containsExactly(true, true, false);
    wedged.restart();
    assertThat(wedged.responds()).isTrue();
  }

  @Test
  void faultsBuildOnEachOther() {
    // given
    Behaviors both = with(Fault.prefixCache(), Fault.prefill("1ms/token"), Fault.serialPrefill());
    Usage usage = both.usage(request("x".repeat(640)), USAGE);

    // then
    assertThat(both.ttftNanos(usage, 0, 0)).isEqualTo(100_000_000);
    assertThat(both.ttftNanos(usage, 0, 0)).isEqualTo(200_000_000);
  }

  private static TokenSink sink(List<String> words) {
    return new TokenSink() {
      @Override
      public void token(String word) {
        words.add(word);
      }

      @Override
      public void end() {}

      @Override
      public boolean isFull() {
        return false;
      }

      @Override
      public void onDrain(Runnable action) {}
    };
  }
}
