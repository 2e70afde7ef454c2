package dev.caravan.observe.events;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WebhookSignatureTest {

  @Test
  void matchesTheStandardWebhooksLibraries() {
    assertThat(
            WebhookSignature.of(
                "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
                "msg_p5jXN8AQM9LWM0D4loKWxJek",
                1614265330,
                "{\"test\": 2432232314}"))
        .isEqualTo("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  }

  @Test
  void dependsOnTheSecretAndEverySignedPart() {
    String signature = WebhookSignature.of("secret", "id", 1, "body");
    assertThat(signature)
        .isEqualTo(WebhookSignature.of("secret", "id", 1, "body"))
        .isNotEqualTo(WebhookSignature.of("secret2", "id", 1, "body"))
        .isNotEqualTo(WebhookSignature.of("secret", "id2", 1, "body"))
        .isNotEqualTo(WebhookSignature.of("secret", "id", 2, "body"))
        .isNotEqualTo(WebhookSignature.of("secret", "id", 1, "body2"));
  }
}
