package dev.caravan.fleet.jms;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;

/**
 * What each role may do at which address of the embedded broker. Of several patterns the most
 * special one holds alone, so each names all who may do something there.
 *
 * <p>Besides, everybody may have answers: queues that last as long as his connection. Broker and
 * clients name them by a UUID that nobody else knows.
 */
final class Permissions {

  private enum May {
    SEND,
    CONSUME,
    MAKE_LASTING,
    END_LASTING,
    MAKE_PASSING,
    END_PASSING,
    MAKE_ADDRESS
  }

  private static final May[] SUBSCRIBE = {May.CONSUME, May.MAKE_PASSING, May.END_PASSING};

  private final Map<String, Set<Role>> byAddress = new LinkedHashMap<>();

  private static final Set<CheckType> ANSWERS =
      EnumSet.of(
          CheckType.CONSUME,
          CheckType.CREATE_ADDRESS,
          CheckType.CREATE_NON_DURABLE_QUEUE,
          CheckType.DELETE_NON_DURABLE_QUEUE);

  private static final Pattern UUID =
      Pattern.compile("([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(::\\1)?");

  private Permissions() {}

  /** Whether everybody who is known may do so, to have answers. */
  static boolean forAnswers(CheckType wanted, String address) {
    return ANSWERS.contains(wanted) && address != null && UUID.matcher(address).matches();
  }

  /** Patterns of addresses with the roles that may do something there. */
  static Map<String, Set<Role>> all() {
    Permissions all = new Permissions();
    all.closed("#")
        .at(Destinations.SUBMIT, BrokerRole.SUBMIT, May.SEND)
        .at(
            Destinations.runs("#"),
            BrokerRole.WORK,
            May.CONSUME,
            May.MAKE_LASTING,
            May.MAKE_ADDRESS)
        .at(Destinations.HUB, BrokerRole.WORK, SUBSCRIBE)
        .at(Destinations.OUTCOMES, BrokerRole.WORK, May.SEND)
        .at(Destinations.HEARTBEATS, BrokerRole.WORK, May.SEND)
        .at(Destinations.FILES, BrokerRole.WORK, May.SEND)
        .at(Destinations.DEAD_LETTERS, BrokerRole.WORK, May.SEND)
        .at(
            Destinations.EVENTS,
            BrokerRole.READ_EVENTS,
            May.CONSUME,
            May.MAKE_PASSING,
            May.END_PASSING,
            May.MAKE_LASTING,
            May.END_LASTING);
    return new HashMap<>(all.byAddress);
  }

  private Permissions at(String address, BrokerRole who, May... may) {
    closed(address);
    byAddress.get(address).add(role(who, new HashSet<>(Arrays.asList(may)), false));
    return this;
  }

  /** An address where only the hub and those who may do everything do anything. */
  private Permissions closed(String address) {
    Set<May> everything = new HashSet<>(Arrays.asList(May.values()));
    byAddress.computeIfAbsent(
        address,
        a ->
            new HashSet<>(
                Set.of(
                    role(BrokerRole.HUB, everything, true),
                    role(BrokerRole.ADMIN, everything, true))));
    return this;
  }

  private static Role role(BrokerRole who, Set<May> may, boolean manages) {
    return new Role(
        who.word(),
        may.contains(May.SEND),
        may.contains(May.CONSUME),
        may.contains(May.MAKE_LASTING),
        may.contains(May.END_LASTING),
        may.contains(May.MAKE_PASSING),
        may.contains(May.END_PASSING),
        manages,
        manages, // browse
        may.contains(May.MAKE_ADDRESS),
        manages, // delete an address
        manages, // view
        manages); // edit
  }
}
