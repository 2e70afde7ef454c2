package dev.caravan.fleet.jms;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** A role of a user of the embedded broker. {@link Permissions} defines what each role may do. */
enum BrokerRole {
  /** Sends configs and receives the replies. */
  SUBMIT,
  /** Executes runs. */
  WORK,
  /** Receives events. */
  READ_EVENTS,
  /** May do everything. */
  ADMIN,
  /** The Caravan that runs the broker; cannot be given to users. */
  HUB;

  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The role with this label, if it can be given to users. */
  static Optional<BrokerRole> ofLabel(String label) {
    return Arrays.stream(values())
        .filter(role -> role != HUB && role.label().equals(label))
        .findFirst();
  }
}
