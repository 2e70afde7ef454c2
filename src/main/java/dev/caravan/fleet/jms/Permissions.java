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
 * What each role may do at which address of the embedded broker. Artemis applies only the most
 * specific pattern for an address, so each pattern lists all roles with access.
 *
 * <p>In addition, every user may receive replies in temporary queues. Their names are UUIDs that
 * other users cannot guess.
 */
final class Permissions {

  private enum Permission {
    SEND,
    CONSUME,
    CREATE_DURABLE_QUEUE,
    DELETE_DURABLE_QUEUE,
    CREATE_TEMPORARY_QUEUE,
    DELETE_TEMPORARY_QUEUE,
    CREATE_ADDRESS
  }

  private static final Permission[] SUBSCRIBE = {
    Permission.CONSUME, Permission.CREATE_TEMPORARY_QUEUE, Permission.DELETE_TEMPORARY_QUEUE
  };

  private final Map<String, Set<Role>> byAddress = new LinkedHashMap<>();

  private static final Set<CheckType> REPLY_CHECKS =
      EnumSet.of(
          CheckType.CONSUME,
          CheckType.CREATE_ADDRESS,
          CheckType.CREATE_NON_DURABLE_QUEUE,
          CheckType.DELETE_NON_DURABLE_QUEUE);

  private static final Pattern UUID =
      Pattern.compile("([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})(::\\1)?");

  private Permissions() {}

  /** Whether every authenticated user may do this, in order to receive replies. */
  static boolean allowsReplies(CheckType check, String address) {
    return REPLY_CHECKS.contains(check) && address != null && UUID.matcher(address).matches();
  }

  /** Address patterns with the permissions of the roles. */
  static Map<String, Set<Role>> all() {
    Permissions all = new Permissions();
    all.restrict("#")
        .allow(Destinations.SUBMIT, BrokerRole.SUBMIT, Permission.SEND)
        .allow(
            Destinations.runs("#"),
            BrokerRole.WORK,
            Permission.CONSUME,
            Permission.CREATE_DURABLE_QUEUE,
            Permission.CREATE_ADDRESS)
        .allow(Destinations.HUB, BrokerRole.WORK, SUBSCRIBE)
        .allow(Destinations.OUTCOMES, BrokerRole.WORK, Permission.SEND)
        .allow(Destinations.HEARTBEATS, BrokerRole.WORK, Permission.SEND)
        .allow(Destinations.FILES, BrokerRole.WORK, Permission.SEND)
        .allow(Destinations.DEAD_LETTERS, BrokerRole.WORK, Permission.SEND)
        .allow(
            Destinations.EVENTS,
            BrokerRole.READ_EVENTS,
            Permission.CONSUME,
            Permission.CREATE_TEMPORARY_QUEUE,
            Permission.DELETE_TEMPORARY_QUEUE,
            Permission.CREATE_DURABLE_QUEUE,
            Permission.DELETE_DURABLE_QUEUE);
    return new HashMap<>(all.byAddress);
  }

  private Permissions allow(String address, BrokerRole role, Permission... permissions) {
    restrict(address);
    byAddress.get(address).add(role(role, new HashSet<>(Arrays.asList(permissions)), false));
    return this;
  }

  /** Adds an address to which only the hub and admins have access. */
  private Permissions restrict(String address) {
    Set<Permission> everything = new HashSet<>(Arrays.asList(Permission.values()));
    byAddress.computeIfAbsent(
        address,
        a ->
            new HashSet<>(
                Set.of(
                    role(BrokerRole.HUB, everything, true),
                    role(BrokerRole.ADMIN, everything, true))));
    return this;
  }

  private static Role role(BrokerRole role, Set<Permission> permissions, boolean manages) {
    return new Role(
        role.label(),
        permissions.contains(Permission.SEND),
        permissions.contains(Permission.CONSUME),
        permissions.contains(Permission.CREATE_DURABLE_QUEUE),
        permissions.contains(Permission.DELETE_DURABLE_QUEUE),
        permissions.contains(Permission.CREATE_TEMPORARY_QUEUE),
        permissions.contains(Permission.DELETE_TEMPORARY_QUEUE),
        manages,
        manages, // browse
        permissions.contains(Permission.CREATE_ADDRESS),
        manages, // delete an address
        manages, // view
        manages); // edit
  }
}
