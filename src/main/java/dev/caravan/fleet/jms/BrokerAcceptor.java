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
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

/** Where the embedded broker lets others in, whom, and how its own Caravan comes to it. */
public final class BrokerAcceptor {

  private static final int SECRET_BYTES = 32;

  private final String listen;
  private final Optional<TlsStore> key;
  private final List<BrokerUser> users;
  private final String hubPassword = secret();

  private BrokerAcceptor(String listen, Optional<TlsStore> key, List<BrokerUser> users) {
    this.listen = listen;
    this.key = key;
    this.users = users;
  }

  /** Nobody is asked who he is. */
  static BrokerAcceptor open(String listen) {
    return new BrokerAcceptor(listen, Optional.empty(), List.of());
  }

  /** With TLS when there is a key, and with users when there are some. */
  static BrokerAcceptor of(String listen, Optional<TlsStore> key, List<BrokerUser> users) {
    return new BrokerAcceptor(listen, key, List.copyOf(users));
  }

  /** A password that nobody can guess. */
  static String secret() {
    byte[] bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** The url; empty when nobody is let in. */
  String listen() {
    return listen;
  }

  /** How the Caravan that the broker is in reaches it. */
  public BrokerEndpoint hub() {
    return users.isEmpty()
        ? new BrokerEndpoint(EmbeddedBroker.URL, "", "", Optional.empty())
        : new BrokerEndpoint(EmbeddedBroker.URL, UsersFile.HUB, hubPassword, Optional.empty());
  }

  /** Who asks for names and passwords; empty when nobody does. */
  Optional<BrokerSecurityManager> keeper() {
    if (users.isEmpty()) {
      return Optional.empty();
    }
    List<BrokerUser> all = new ArrayList<>(users);
    all.add(new BrokerUser(UsersFile.HUB, Set.of(BrokerRole.HUB), hubPassword, false));
    return Optional.of(new BrokerSecurityManager(all));
  }

  /** The network side; only host and port of the url are taken. */
  Optional<TransportConfiguration> acceptor() {
    if (listen.isEmpty()) {
      return Optional.empty();
    }
    URI uri = URI.create(listen);
    Map<String, Object> settings = new HashMap<>();
    settings.put(TransportConstants.HOST_PROP_NAME, uri.getHost());
    settings.put(TransportConstants.PORT_PROP_NAME, uri.getPort());
    settings.put(TransportConstants.PROTOCOLS_PROP_NAME, "CORE,AMQP");
    key.ifPresent(
        store -> {
          settings.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
          settings.put(TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, "TLSv1.3,TLSv1.2");
          settings.putAll(store.settings("key"));
        });
    return Optional.of(
        new TransportConfiguration(
            NettyAcceptorFactory.class.getName(), settings, "network", Map.of()));
  }

  /** For people: the url, and what it asks for. */
  public String message() {
    return listen
        + (key.isPresent() ? ", with TLS" : "")
        + (users.isEmpty() ? "" : ", for " + users.size() + " users");
  }
}
