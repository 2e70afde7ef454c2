package dev.caravan.fleet.jms;

import dev.caravan.config.settings.Setting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.activemq.artemis.api.core.ActiveMQAddressFullException;
import org.apache.activemq.artemis.api.core.ActiveMQException;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.api.core.Message;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.server.ServerSession;
import org.apache.activemq.artemis.core.server.plugin.ActiveMQServerPlugin;
import org.apache.activemq.artemis.core.transaction.Transaction;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Refuses messages from the network while the broker's folder is larger than the limit, and closes
 * connections that go on with a large one. The hub itself, in this JVM, may always send, so that
 * the queues can drain. Artemis' own limit would block it too.
 */
final class DiskUsageLimit implements ActiveMQServerPlugin, Interceptor {

  private static final Logger LOG = LoggerFactory.getLogger(DiskUsageLimit.class);
  private static final long MEASURE_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String IN_VM = "invm:";
  private static final Set<Byte> PARTS_OF_LARGE_MESSAGES =
      Set.of(PacketImpl.SESS_SEND_LARGE, PacketImpl.SESS_SEND_CONTINUATION);

  private final Path folder;
  private final long maxBytes;
  private final AtomicLong measuredAt = new AtomicLong(System.nanoTime() - MEASURE_EVERY_NANOS);
  private volatile boolean exceeded;

  DiskUsageLimit(Path folder, long maxBytes) {
    this.folder = folder;
    this.maxBytes = maxBytes;
  }

  @Override
  public void beforeSend(
      ServerSession session, Transaction tx, Message message, boolean direct, boolean noQueue)
      throws ActiveMQException {
    if (isFromNetwork(session.getRemotingConnection()) && isExceeded()) {
      throw RefusedMessage.in(tx, new ActiveMQAddressFullException(refusal()));
    }
  }

  @Override
  public boolean intercept(Packet packet, RemotingConnection connection) {
    if (PARTS_OF_LARGE_MESSAGES.contains(packet.getType())
        && isFromNetwork(connection)
        && isExceeded()) {
      connection.fail(new ActiveMQAddressFullException(refusal()));
      return false;
    }
    return true;
  }

  private static boolean isFromNetwork(RemotingConnection connection) {
    return !connection.getRemoteAddress().startsWith(IN_VM);
  }

  private String refusal() {
    return "the broker's files exceed " + Setting.BROKER_MAX_DISK.key() + ", " + maxBytes;
  }

  /** Measures at most once a second. */
  private boolean isExceeded() {
    long last = measuredAt.get();
    long now = System.nanoTime();
    if (now - last >= MEASURE_EVERY_NANOS && measuredAt.compareAndSet(last, now)) {
      boolean before = exceeded;
      exceeded = size() > maxBytes;
      if (exceeded && !before) {
        LOG.warn("Refusing messages from the network: {}", refusal());
      } else if (before && !exceeded) {
        LOG.info("Accepting messages from the network again");
      }
    }
    return exceeded;
  }

  private long size() {
    AtomicLong size = new AtomicLong();
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              size.addAndGet(attributes.size());
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE; // the broker deletes files all the time
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return size.get();
  }
}
