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

/** Main class that runs an Artemis broker in a separate JVM until it is killed. */
public final class StandaloneBroker {

  private StandaloneBroker() {}

  /**
   * Arguments: data folder and acceptor URL. Further arguments start a third-party broker instead,
   * with Artemis's own security; each is a user name, whose password is {@code <name>-secret}.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 2) {
      secured(arguments).start();
      LoggerFactory.getLogger("dev.caravan").info("the broker is up");
      Thread.currentThread().join();
    }
    try (EmbeddedBroker broker = EmbeddedBroker.start(Path.of(arguments[0]), arguments[1])) {
      LoggerFactory.getLogger("dev.caravan").info("the broker is up: {}", broker);
      Thread.currentThread().join();
    }
  }

  private static ActiveMQServer secured(String[] arguments) throws Exception {
    SecurityConfiguration users = new SecurityConfiguration();
    for (int n = 2; n < arguments.length; n++) {
      users.addUser(arguments[n], arguments[n] + "-secret");
      users.addRole(arguments[n], "fleet");
    }
    boolean granted = true;
    Role fleet =
        new Role(
            "fleet", granted, granted, granted, granted, granted, granted, false, granted, granted,
            granted, false, false);
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
