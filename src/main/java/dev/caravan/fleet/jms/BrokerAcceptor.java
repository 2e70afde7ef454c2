package dev.caravan.fleet.jms;

import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

/**
 * The network access of the embedded broker: address, TLS and users, and the hub's own endpoint.
 */
public final class BrokerAcceptor {

  private static final int PASSWORD_BYTES = 32;

  private final String listen;
  private final TlsStores tls;
  private final List<BrokerUser> users;
  private final String hubPassword = randomPassword();

  private BrokerAcceptor(String listen, TlsStores tls, List<BrokerUser> users) {
    this.listen = listen;
    this.tls = tls;
    this.users = users;
  }

  /** An acceptor without TLS and authentication. */
  static BrokerAcceptor unsecured(String listen) {
    return new BrokerAcceptor(listen, TlsStores.NONE, List.of());
  }

  /** An acceptor with TLS if there is a key and with authentication if there are users. */
  static BrokerAcceptor of(String listen, TlsStores tls, List<BrokerUser> users) {
    return new BrokerAcceptor(listen, tls, List.copyOf(users));
  }

  /** A random password. */
  static String randomPassword() {
    byte[] bytes = new byte[PASSWORD_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The URL; empty when the broker accepts no network connections. */
  String listen() {
    return listen;
  }

  /** How the Caravan that runs the broker connects to it, in the same JVM. */
  public BrokerEndpoint hubEndpoint() {
    return users.isEmpty()
        ? new BrokerEndpoint(EmbeddedBroker.URL, "", "", TlsStores.NONE)
        : new BrokerEndpoint(EmbeddedBroker.URL, UsersFile.HUB, hubPassword, TlsStores.NONE);
  }

  /** Checks names and passwords; empty without users. */
  Optional<BrokerSecurityManager> securityManager() {
    if (users.isEmpty()) {
      return Optional.empty();
    }
    List<BrokerUser> all = new ArrayList<>(users);
    all.add(new BrokerUser(UsersFile.HUB, Set.of(BrokerRole.HUB), hubPassword, false));
    return Optional.of(new BrokerSecurityManager(all));
  }

  /** Artemis' configuration of the network acceptor; uses only host and port of the URL. */
  Optional<TransportConfiguration> transport() {
    if (listen.isEmpty()) {
      return Optional.empty();
    }
    URI uri = URI.create(listen);
    Map<String, Object> settings = new HashMap<>();
    settings.put(TransportConstants.HOST_PROP_NAME, uri.getHost());
    settings.put(TransportConstants.PORT_PROP_NAME, uri.getPort());
    settings.put(TransportConstants.PROTOCOLS_PROP_NAME, "CORE,AMQP");
    settings.putAll(tls.acceptorSettings());
    return Optional.of(
        new TransportConfiguration(
            NetworkAcceptorFactory.class.getName(), settings, "network", Map.of()));
  }

  /** For logs: the URL, and whether it has TLS and users. */
  public String description() {
    return listen
        + (tls.key().isPresent() ? ", with TLS" : "")
        + (tls.trust().isPresent() ? " and client certificates" : "")
        + (users.isEmpty() ? "" : ", for " + users.size() + " users");
  }
}
