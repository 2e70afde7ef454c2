package dev.caravan.fleet.jms;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.security.auth.Subject;
import org.apache.activemq.artemis.core.security.CheckType;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.apache.activemq.artemis.spi.core.security.ActiveMQSecurityManager5;
import org.apache.activemq.artemis.spi.core.security.jaas.RolePrincipal;
import org.apache.activemq.artemis.spi.core.security.jaas.UserPrincipal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Authenticates users of the embedded broker and authorizes them by the roles of an address. */
final class BrokerSecurityManager implements ActiveMQSecurityManager5 {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSecurityManager.class);
  private static final BrokerUser UNKNOWN_USER =
      new BrokerUser("", Set.of(), "$6$nobody$" + "0".repeat(86), true);

  private final List<BrokerUser> users;

  BrokerSecurityManager(List<BrokerUser> users) {
    this.users = List.copyOf(users);
  }

  @Override
  public Subject authenticate(
      String name, String password, RemotingConnection connection, String domain) {
    Optional<BrokerUser> user = authenticated(name, password);
    if (user.isEmpty()) {
      String from = connection == null ? "an unknown address" : connection.getRemoteAddress();
      LOG.warn("The broker rejected a login from {}: unknown user or wrong password", from);
      return null; // as Artemis expects
    }
    Subject subject = new Subject();
    subject.getPrincipals().add(new UserPrincipal(user.get().name()));
    user.get().roles().forEach(r -> subject.getPrincipals().add(new RolePrincipal(r.label())));
    return subject;
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
    return Permissions.allowsReplies(check, address)
        || subject.getPrincipals(RolePrincipal.class).stream()
            .anyMatch(principal -> roles.stream().anyMatch(role -> grants(principal, role, check)));
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
