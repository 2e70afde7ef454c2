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

/** Tells who somebody is, and by the roles of an address whether he may do what he wants to. */
final class BrokerSecurityManager implements ActiveMQSecurityManager5 {

  private static final Logger LOG = LoggerFactory.getLogger(BrokerSecurityManager.class);
  private static final BrokerUser NOBODY =
      new BrokerUser("", Set.of(), "$6$nobody$" + "0".repeat(86), true);

  private final List<BrokerUser> users;

  BrokerSecurityManager(List<BrokerUser> users) {
    this.users = List.copyOf(users);
  }

  @Override
  public Subject authenticate(
      String name, String password, RemotingConnection connection, String domain) {
    Optional<BrokerUser> known = known(name, password);
    if (known.isEmpty()) {
      String from = connection == null ? "somebody" : connection.getRemoteAddress();
      LOG.warn("The broker does not let {} in: no such user, or another password", from);
      return null; // as Artemis wants it
    }
    Subject subject = new Subject();
    subject.getPrincipals().add(new UserPrincipal(known.get().name()));
    known.get().roles().forEach(r -> subject.getPrincipals().add(new RolePrincipal(r.word())));
    return subject;
  }

  /** An unknown name takes as long as a wrong password. */
  private Optional<BrokerUser> known(String name, String password) {
    Optional<BrokerUser> named = users.stream().filter(u -> u.name().equals(name)).findFirst();
    boolean right = named.orElse(NOBODY).knows(password == null ? "" : password);
    return right ? named : Optional.empty();
  }

  @Override
  public boolean authorize(Subject subject, Set<Role> roles, CheckType wanted, String address) {
    if (subject == null) {
      return false;
    }
    return Permissions.forAnswers(wanted, address)
        || subject.getPrincipals(RolePrincipal.class).stream()
            .anyMatch(has -> roles.stream().anyMatch(role -> may(has, role, wanted)));
  }

  private static boolean may(RolePrincipal has, Role role, CheckType wanted) {
    return role.getName().equals(has.getName()) && wanted.hasRole(role);
  }

  @Override
  public boolean validateUser(String name, String password) {
    return known(name, password).isPresent();
  }

  @Override
  public boolean validateUserAndRole(
      String name, String password, Set<Role> roles, CheckType wanted) {
    return authorize(authenticate(name, password, null, null), roles, wanted, "");
  }
}
