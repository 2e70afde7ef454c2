package dev.caravan.fleet.jms;

import java.util.Set;
import org.apache.activemq.artemis.api.core.ActiveMQSecurityException;
import org.apache.activemq.artemis.api.core.Interceptor;
import org.apache.activemq.artemis.core.protocol.core.CoreRemotingConnection;
import org.apache.activemq.artemis.core.protocol.core.Packet;
import org.apache.activemq.artemis.core.protocol.core.impl.ChannelImpl.CHANNEL_ID;
import org.apache.activemq.artemis.core.protocol.core.impl.PacketImpl;
import org.apache.activemq.artemis.core.protocol.core.impl.wireformat.ReattachSessionResponseMessage;
import org.apache.activemq.artemis.spi.core.protocol.RemotingConnection;

/**
 * Lets clients use only sessions. The channels below those of sessions belong to the connection
 * itself; Artemis 2.44 handles packets on them with its own rights, logged in or not: it creates
 * queues (CVE-2026-49362), connects federations (CVE-2026-27446) and cluster nodes (CVE-2026-49363,
 * CVE-2026-49364), and hands over sessions by name (CVE-2026-57967). What a client needs to log in
 * passes; everything else closes the connection.
 */
final class PacketFilter implements Interceptor {

  private static final Set<Byte> NEEDED_TO_LOG_IN =
      Set.of(
          PacketImpl.PING,
          PacketImpl.SUBSCRIBE_TOPOLOGY,
          PacketImpl.SUBSCRIBE_TOPOLOGY_V2,
          PacketImpl.CHECK_FOR_FAILOVER,
          PacketImpl.CREATESESSION,
          PacketImpl.CREATESESSION_V2);

  private static final int NONE_RECEIVED = -1;

  private final Refusals refusals = new Refusals();

  @Override
  public boolean intercept(Packet packet, RemotingConnection connection) {
    if (packet.getChannelID() >= CHANNEL_ID.USER.id
        || NEEDED_TO_LOG_IN.contains(packet.getType())) {
      return true;
    }
    if (packet.getType() == PacketImpl.REATTACH_SESSION
        && connection instanceof CoreRemotingConnection core) {
      refuseReattachment(core);
    } else {
      refusals.add(
          Refusals.host(connection.getRemoteAddress()),
          "it sent packet " + packet.getType() + " outside of a session",
          "");
      connection.fail(new ActiveMQSecurityException("a packet outside of a session"));
    }
    return false;
  }

  /** A client that may not take up its old session creates a new one, with its password. */
  private static void refuseReattachment(CoreRemotingConnection connection) {
    connection
        .getChannel(CHANNEL_ID.SESSION.id, -1)
        .send(new ReattachSessionResponseMessage(NONE_RECEIVED, false));
  }
}
