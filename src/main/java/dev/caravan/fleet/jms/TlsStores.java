package dev.caravan.fleet.jms;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;

/**
 * The TLS stores of one side of a connection.
 *
 * @param key key and certificate that this side shows; the embedded broker needs one for TLS
 * @param trust certificates of the other side that this side accepts
 */
record TlsStores(Optional<TlsStore> key, Optional<TlsStore> trust) {

  static final TlsStores NONE = new TlsStores(Optional.empty(), Optional.empty());

  /** Artemis' options for the embedded broker; with a trust store it asks clients for theirs. */
  Map<String, Object> acceptorSettings() {
    Map<String, Object> settings = new TreeMap<>();
    if (key.isPresent()) {
      settings.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
      settings.put(TransportConstants.ENABLED_PROTOCOLS_PROP_NAME, "TLSv1.3,TLSv1.2");
      settings.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, trust.isPresent());
      settings.putAll(key.get().settings("key"));
      trust.ifPresent(store -> settings.putAll(store.settings("trust")));
    }
    return settings;
  }

  /** Artemis' options for a client, to be appended to its URL; empty without a store. */
  String clientOptions() {
    if (key.isEmpty() && trust.isEmpty()) {
      return "";
    }
    return "&sslEnabled=true&verifyHost=true"
        + trust.map(store -> store.options("trust")).orElse("")
        + key.map(store -> store.options("key")).orElse("");
  }
}
