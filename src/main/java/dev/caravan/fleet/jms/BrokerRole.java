package dev.caravan.fleet.jms;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user of the embedded broker may do; {@link Permissions} says what that is. */
enum BrokerRole {
  /** Sends configs and gets the answers. */
  SUBMIT,
  /** Executes runs. */
  WORK,
  /** Reads the events. */
  READ_EVENTS,
  /** Everything. */
  ADMIN,
  /** The Caravan that the broker is in; nobody else can have it. */
  HUB;

  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The role of this name that a user may be given. */
  static Optional<BrokerRole> ofWord(String word) {
    return Arrays.stream(values())
        .filter(role -> role != HUB && role.word().equals(word))
        .findFirst();
  }
}
