package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Setting;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;

/** Reports TLS handshakes that fail; Artemis says so only in its own log, at each attempt. */
final class HandshakeRefusals {

  /** What Java says when the other side ends the handshake. */
  private static final String ALERT = "Received fatal alert: ";

  /** The alerts of a client that refuses the certificate of this broker. */
  private static final Pattern DISTRUST =
      Pattern.compile("unknown_ca|bad_certificate|certificate_.*");

  private static final String NO_CERTIFICATE = "Empty client certificate chain";

  private static final String NOT_TRUSTED =
      "its certificate is not trusted by " + Setting.BROKER_TRUST_STORE.key();

  /**
   * The alert that later releases of Java 17 begin a message with, and the full stop at its end.
   */
  private static final Pattern EDGES = Pattern.compile("^\\([a-z_]{1,40}\\) |\\.$");

  private final Refusals refusals = new Refusals();

  /** A handler for this engine that reports a handshake that fails. */
  SslHandler handler(SSLEngine engine) {
    return new SslHandler(engine) {
      @Override
      public void handlerAdded(ChannelHandlerContext context) throws Exception {
        super.handlerAdded(context);
        String peer = peer(context.channel().remoteAddress());
        handshakeFuture()
            .addListener(
                future -> {
                  if (!future.isSuccess()) {
                    failed(peer, future.cause());
                  }
                });
      }
    };
  }

  /** A connection that is closed already has no address. */
  static String peer(SocketAddress address) {
    return Refusals.host(Objects.toString(address, null));
  }

  void failed(String peer, Throwable failure) {
    List<Throwable> causes =
        Stream.iterate(failure, cause -> cause != null, Throwable::getCause).limit(20).toList();
    String message = plain(String.valueOf(causes.get(causes.size() - 1).getMessage()));
    if (has(causes, ClosedChannelException.class)) {
      return; // it left, as the checks of a load balancer do
    }
    if (has(causes, NotSslRecordException.class)) {
      refusals.add(peer, "it does not speak TLS", "");
    } else if (message.equals(NO_CERTIFICATE)) {
      refusals.add(peer, "it shows no certificate", "");
    } else if (has(causes, CertificateException.class)
        || has(causes, CertPathBuilderException.class)) {
      refusals.add(peer, NOT_TRUSTED, Refusals.said(message));
    } else {
      String alert = message.startsWith(ALERT) ? message.substring(ALERT.length()) : message;
      boolean distrust = !alert.equals(message) && DISTRUST.matcher(alert).matches();
      refusals.add(
          peer,
          distrust ? "it does not trust this broker" : "the TLS handshake failed",
          Refusals.said(alert));
    }
  }

  static String plain(String message) {
    return EDGES.matcher(message).replaceAll("");
  }

  private static boolean has(List<Throwable> causes, Class<? extends Throwable> type) {
    return causes.stream().anyMatch(type::isInstance);
  }
}
