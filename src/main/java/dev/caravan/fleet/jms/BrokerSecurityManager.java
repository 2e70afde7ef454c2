package dev.caravan.fleet.jms;

import java.security.Principal;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.RolePrincipal;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;

/** Authenticates users of the embedded broker and authorizes them by the roles of an address. */
final class BrokerSecurityManager implements ActiveMQSecurityManager5 {

  private static final BrokerUser UNKNOWN_USER =
      new BrokerUser("", Set.of(), "$6$nobody$" + "0".repeat(86), true);

  private final List<BrokerUser> users;
  private final Refusals refusals = new Refusals();

  BrokerSecurityManager(List<BrokerUser> users) {
    this.users = List.copyOf(users);
  }

  @Override
  public Subject authenticate(
      String name, String password, RemotingConnection connection, String domain) {
    Optional<BrokerUser> user = authenticated(name, password);
    if (user.isEmpty()) {
      refuse(connection == null ? null : connection.getRemoteAddress(), name);
      return null; // as Artemis expects
    }
    Subject subject = new Subject();
    subject.getPrincipals().add(new UserPrincipal(user.get().name()));
    user.get().roles().forEach(r -> subject.getPrincipals().add(new RolePrincipal(r.label())));
    return subject;
  }

  /** A user of the file is no secret to those who read the log; of others the first is named. */
  private void refuse(String address, String name) {
    String peer = Refusals.host(address);
    if (name == null || name.isEmpty()) {
      refusals.add(peer, "it names no user", "");
    } else if (isKnown(name)) {
      refusals.add(peer, "wrong password of user" + Refusals.quoted(name), "");
    } else {
      refusals.add(peer, "unknown user", Refusals.quoted(name));
    }
  }

  private boolean isKnown(String name) {
    return users.stream().anyMatch(user -> user.name().equals(name));
  }

  /** Takes as long for an unknown name as for a wrong password. */
  private Optional<BrokerUser> authenticated(String name, String password) {
    Optional<BrokerUser> named = users.stream().filter(u -> u.name().equals(name)).findFirst();
    boolean matches = named.orElse(UNKNOWN_USER).matches(password == null ? "" : password);
    return matches ? named : Optional.empty();
  }

  @Override
  public boolean authorize(Subject subject, Set<Role> roles, CheckType check, String address) {
    if (subject == null) {
      return false;
    }
    boolean allowed =
        Permissions.allowsReplies(check, address)
            || subject.getPrincipals(RolePrincipal.class).stream()
                .anyMatch(own -> roles.stream().anyMatch(role -> grants(own, role, check)));
    if (!allowed) {
      refusals.add(description(subject), check.name(), " at" + Refusals.quoted(address));
    }
    return allowed;
  }

  private static String description(Subject subject) {
    return "user"
        + Refusals.quoted(names(subject, UserPrincipal.class))
        + ", whose roles are ["
        + names(subject, RolePrincipal.class)
        + "]";
  }

  private static String names(Subject subject, Class<? extends Principal> type) {
    return subject.getPrincipals(type).stream()
        .map(Principal::getName)
        .sorted()
        .collect(Collectors.joining(", "));
  }

  private static boolean grants(RolePrincipal principal, Role role, CheckType check) {
    return role.getName().equals(principal.getName()) && check.hasRole(role);
  }

  @Override
  public boolean validateUser(String name, String password) {
    return authenticated(name, password).isPresent();
  }

  @Override
  public boolean validateUserAndRole(
      String name, String password, Set<Role> roles, CheckType check) {
    return authorize(authenticate(name, password, null, null), roles, check, "");
  }
}
