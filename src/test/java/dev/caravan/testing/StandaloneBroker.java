package dev.caravan.testing;

import dev.caravan.fleet.jms.EmbeddedBroker;
import java.nio.file.Path;
import java.util.Set;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.ActiveMQServers;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.slf4j.LoggerFactory;

/** An Artemis in a JVM of its own, until it is killed. */
public final class StandaloneBroker {

  private StandaloneBroker() {}

  /**
   * Arguments: folder, url to listen at; then, for a broker set up as by somebody else, with
   * Artemis's own users and security: names of users, each with its name and {@code -secret} as
   * password.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 2) {
      guarded(arguments).start();
      LoggerFactory.getLogger("dev.caravan").info("the broker is up");
      Thread.currentThread().join();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), arguments[1])) {
      LoggerFactory.getLogger("dev.caravan").info("the broker is up: {}", broker);
      Thread.currentThread().join();
    }
  }

  private static ActiveMQServer guarded(String[] arguments) throws Exception {
    SecurityConfiguration users = new SecurityConfiguration();
    for (int n = 2; n < arguments.length; n++) {
      users.addUser(arguments[n], arguments[n] + "-secret");
      users.addRole(arguments[n], "fleet");
    }
    boolean may = true;
    Role fleet =
        new Role("fleet", may, may, may, may, may, may, false, may, may, may, false, false);
    Configuration configuration =
        new ConfigurationImpl()
            .setPersistenceEnabled(false)
            .setSecurityEnabled(true)
            .addAcceptorConfiguration("network", arguments[1])
            .putSecurityRoles("#", Set.of(fleet));
    return ActiveMQServers.newActiveMQServer(
        configuration,
        null,
        new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users),
        false);
  }
}
