package dev.caravan.fleet.jms;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptor;
import org.apache.activemq.artemis.core.server.cluster.ClusterConnection;
import org.apache.activemq.artemis.core.server.metrics.MetricsManager;
import org.apache.activemq.artemis.spi.core.protocol.ProtocolManager;
import org.apache.activemq.artemis.spi.core.remoting.Acceptor;
import org.apache.activemq.artemis.spi.core.remoting.AcceptorFactory;
import org.apache.activemq.artemis.spi.core.remoting.BufferHandler;
import org.apache.activemq.artemis.spi.core.remoting.ServerConnectionLifeCycleListener;
import org.apache.activemq.artemis.utils.actors.OrderedExecutor;

/**
 * Makes Artemis' own acceptor, with a report of the TLS handshakes that fail. Artemis creates it.
 */
public final class NetworkAcceptorFactory implements AcceptorFactory {

  @Override
  @SuppressWarnings("rawtypes") // as Artemis declares it
  public Acceptor createAcceptor(
      String name,
      ClusterConnection cluster,
      Map<String, Object> settings,
      BufferHandler handler,
      ServerConnectionLifeCycleListener listener,
      Executor threads,
      ScheduledExecutorService timer,
      Map<String, ProtocolManager> protocols,
      String threadGroup,
      MetricsManager metrics) {
    Executor failures = new OrderedExecutor(threads);
    HandshakeRefusals refusals = new HandshakeRefusals();
    return new NettyAcceptor(
        name,
        cluster,
        settings,
        handler,
        listener,
        timer,
        failures,
        protocols,
        threadGroup,
        metrics) {
      @Override
      public SslHandler getSslHandler(ByteBufAllocator allocator, String host, int port)
          throws Exception {
        return refusals.handler(super.getSslHandler(allocator, host, port).engine());
      }
    };
  }

  @Override
  public boolean supportsRemote() {
    return true;
  }
}
