package dev.caravan.pipeline.target;

import dev.caravan.pipeline.process.StopSignal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client that probes targets. It sees the network as aiperf will (see {@link
 * TargetNetwork}), ends after 5 s in all, follows no redirect, repeats nothing, keeps no connection
 * and no cookie, and reads no more than 64 KiB. A completion may take 30 s. Looking up a name is
 * the one wait that Java cannot cut short.
 */
public final class TargetClient implements AutoCloseable {

  /** The longest that a probe takes. */
  public static final Duration LIMIT = Duration.ofSeconds(5);

  /** The longest that a completion of one token takes: a cold model is slow. */
  public static final Duration COMPLETION_LIMIT = Duration.ofSeconds(30);

  private final TargetNetwork network;
  private final Duration limit;
  private final ScheduledExecutorService timer;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final CloseableHttpClient patientClient;

  /** A client for the environment that aiperf is going to get. */
  public TargetClient(Map<String, String> environment) {
    this(environment, LIMIT, COMPLETION_LIMIT);
  }

  TargetClient(Map<String, String> environment, Duration limit) {
    this(environment, limit, COMPLETION_LIMIT);
  }

  TargetClient(Map<String, String> environment, Duration limit, Duration completionLimit) {
    this.network = TargetNetwork.of(environment);
    this.limit = limit;
    this.timer = Executors.newSingleThreadScheduledExecutor(TargetClient::timerThread);
    this.connections = connections();
    this.client = client(limit);
    this.patientClient = client(completionLimit);
  }

  /** What the user should know about these network settings, one line each. */
  public List<String> warnings() {
    return network.warnings();
  }

  /** Makes another Apache client, such as camel-http's, behave as this one does. */
  public void customise(HttpClientBuilder builder) {
    customise(builder, limit);
  }

  private CloseableHttpClient client(Duration most) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    customise(builder, most);
    return builder.build();
  }

  private void customise(HttpClientBuilder builder, Duration most) {
    Timeout wait = Timeout.of(most);
    builder
        .setConnectionManager(connections)
        .setConnectionManagerShared(true)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(wait)
                .setResponseTimeout(wait)
                .setRedirectsEnabled(false)
                .build())
        .setRoutePlanner(network.proxies().planner())
        .setDefaultCredentialsProvider(network.proxies().credentials())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .addExecInterceptorFirst("deadline", new TargetDeadline(most, timer))
        .setUserAgent("caravan")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement();
  }

  /**
   * Asks once.
   *
   * @param bearerKey the API key itself; it goes into the request and nowhere else
   * @throws IOException when no answer came; {@link Readiness} has the words for it
   */
  public TargetReply ask(URI uri, Optional<String> bearerKey) throws IOException {
    HttpGet request = new HttpGet(uri);
    bearerKey.ifPresent(key -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key));
    TargetReply reply = client.execute(request, TargetClient::reply);
    return bearerKey.map(reply::without).orElse(reply);
  }

  /**
   * Asks for a completion once.
   *
   * @param json the request's body
   * @param stop ends it early
   * @throws IOException when no answer came within {@link #COMPLETION_LIMIT}
   */
  public TargetReply complete(URI uri, Optional<String> bearerKey, String json, StopSignal stop)
      throws IOException {
    HttpPost request = new HttpPost(uri);
    bearerKey.ifPresent(key -> request.setHeader(HttpHeaders.AUTHORIZATION, "Bearer " + key));
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    stop.whenStopped(request::cancel);
    TargetReply reply;
    try {
      reply = patientClient.execute(request, TargetClient::reply);
    } catch (IllegalStateException e) {
      // What HttpClient throws when it is cancelled in the moment in which it takes a connection.
      if (request.isCancelled()) {
        throw new IOException("cancelled", e);
      }
      throw e;
    }
    return bearerKey.map(reply::without).orElse(reply);
  }

  @Override
  public void close() throws IOException {
    client.close();
    patientClient.close();
    connections.close();
    timer.shutdownNow();
  }

  private static TargetReply reply(ClassicHttpResponse response) throws IOException {
    byte[] body =
        response.getEntity() == null
            ? new byte[0]
            : response.getEntity().getContent().readAllBytes();
    return new TargetReply(
        response.getCode(),
        header(response, HttpHeaders.LOCATION),
        header(response, HttpHeaders.RETRY_AFTER),
        new String(body, StandardCharsets.UTF_8));
  }

  private static Optional<String> header(ClassicHttpResponse response, String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  private PoolingHttpClientConnectionManager connections() {
    Timeout wait = Timeout.of(limit);
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(wait).setSocketTimeout(wait).build())
        .setDnsResolver(new Addresses(network))
        .setTlsSocketStrategy(new Tls(network))
        .setMaxConnPerRoute(20)
        .setMaxConnTotal(200)
        .build();
  }

  private static Thread timerThread(Runnable work) {
    Thread thread = new Thread(work, "probe-deadline");
    thread.setDaemon(true);
    return thread;
  }

  /** Looks names up as aiperf would. */
  private record Addresses(TargetNetwork network) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return network.addresses(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /** Reads the trusted certificates at the first use of TLS: many targets speak plain HTTP. */
  private static final class Tls implements TlsSocketStrategy {
    private final TargetNetwork network;
    private TlsSocketStrategy strategy;

    Tls(TargetNetwork network) {
      this.network = network;
    }

    @Override
    public SSLSocket upgrade(
        Socket socket, String target, int port, Object attachment, HttpContext context)
        throws IOException {
      SSLSocket secure = strategy().upgrade(socket, target, port, attachment, context);
      if (network.verifyTls()) {
        TargetTrust.checkDates(secure.getSession());
      }
      return secure;
    }

    private synchronized TlsSocketStrategy strategy() throws IOException {
      if (strategy == null) {
        strategy =
            new DefaultClientTlsStrategy(
                TargetTrust.context(network),
                network.verifyTls()
                    ? HttpsSupport.getDefaultHostnameVerifier()
                    : NoopHostnameVerifier.INSTANCE);
      }
      return strategy;
    }
  }
}
