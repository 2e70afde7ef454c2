package dev.caravan.app.camel;

import dev.caravan.fleet.hub.HubFleetView;
import dev.caravan.fleet.hub.HubHeartbeat;
import dev.caravan.fleet.hub.HubService;
import dev.caravan.fleet.hub.ReceivedResult;
import dev.caravan.fleet.hub.WorkerMonitor;
import dev.caravan.fleet.jms.ArchiveTransfer;
import dev.caravan.fleet.jms.Destinations;
import dev.caravan.fleet.jms.JmsMessages;
import dev.caravan.fleet.jms.ReplyTo;
import dev.caravan.fleet.protocol.FileRequest;
import dev.caravan.fleet.protocol.Heartbeat;
import dev.caravan.storage.DurableFiles;
import dev.caravan.storage.Home;
import dev.caravan.storage.Json;
import dev.caravan.storage.Leftovers;
import dev.caravan.storage.StateFolder;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.TextMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receives the messages to a hub. Invalid ones go to the dead-letter queue. */
public final class HubListener {

  private static final Logger LOG = LoggerFactory.getLogger(HubListener.class);

  private final HubService service;
  private final WorkerMonitor monitor;
  private final HubFleetView view;
  private final Path incoming;
  private final JmsMessages jmsMessages;
  private final ArchiveTransfer transfer;

  public HubListener(
      HubService service,
      WorkerMonitor monitor,
      HubFleetView view,
      Home home,
      DurableFiles files,
      JmsMessages jmsMessages,
      ArchiveTransfer transfer)
      throws IOException {
    this.service = service;
    this.view = view;
    this.monitor = monitor;
    this.jmsMessages = jmsMessages;
    this.transfer = transfer;
    this.incoming = StateFolder.INCOMING.in(home);
    new Leftovers(files).createEmpty(incoming);
  }

  /** Unpacks the outcome of a run into the tree; null when the message is invalid. */
  public ReceivedResult outcome(Message message) throws IOException, JMSException {
    countRedelivery(message);
    Path archive = incoming.resolve(UUID.randomUUID() + ".zip");
    try {
      ArchiveTransfer.save(message, archive);
      return service.deliver(archive);
    } catch (IllegalArgumentException e) {
      if (Files.exists(archive)) {
        warn(message, e.getMessage());
        transfer.sendToDeadLetters(archive, message, e.getMessage());
      } else {
        sendToDeadLetters(message, e.getMessage());
      }
      return null;
    } finally {
      Files.deleteIfExists(archive);
    }
  }

  /** Receives a worker's heartbeat. */
  public void heartbeat(Message message) throws JMSException {
    countRedelivery(message);
    try {
      monitor.workerHeartbeat(read(message, Heartbeat.class));
    } catch (IllegalArgumentException e) {
      sendToDeadLetters(message, e.getMessage());
    }
  }

  /** Receives a worker's request for an input file and replies with the file. */
  public void fileRequest(Message message) throws IOException, JMSException {
    countRedelivery(message);
    try {
      Optional<Path> file = service.inputFile(read(message, FileRequest.class));
      if (file.isPresent() && ReplyTo.of(message).isPresent()) {
        transfer.reply(message, file.get());
      } else {
        jmsMessages.reply(message, "no run in flight has this input file");
      }
    } catch (IllegalArgumentException e) {
      sendToDeadLetters(message, e.getMessage());
    }
  }

  /** Receives a hub's heartbeat. */
  public void hubHeartbeat(Message message) throws JMSException {
    try {
      monitor.hubHeartbeat(read(message, HubHeartbeat.class));
    } catch (IllegalArgumentException e) {
      LOG.warn("Invalid message in {}: {}", Destinations.HUB, e.getMessage());
    }
  }

  private void countRedelivery(Message message) throws JMSException {
    if (message.getJMSRedelivered()) {
      view.countRedelivery();
    }
  }

  static <T> T read(Message message, Class<T> type) throws JMSException {
    if (message instanceof TextMessage text && text.getText() != null) {
      return Json.read(text.getText(), type);
    }
    throw new IllegalArgumentException("not a text message");
  }

  private void sendToDeadLetters(Message message, String cause) throws JMSException {
    warn(message, cause);
    jmsMessages.sendToDeadLetters(message, cause);
  }

  private static void warn(Message message, String cause) throws JMSException {
    LOG.warn("Invalid message in {}: {}", message.getJMSDestination(), cause);
  }
}
