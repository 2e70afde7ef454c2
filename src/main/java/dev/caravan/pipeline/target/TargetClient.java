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
import javax.net.ssl.SSLSocket;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.CookieSpecFactory;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HttpsSupport;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.io.entity.StringEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP client that probes targets. It uses the network the way aiperf will (see {@link
 * TargetNetwork}), takes at most 5 s in total, follows no redirects, does not retry, keeps no
 * connections or cookies, and reads at most 64 KiB. A completion may take 30 s. Only a DNS lookup
 * can take longer, because Java cannot cancel it.
 */
public final class TargetClient implements AutoCloseable {

  /** How long a probe may take in total. */
  public static final Duration LIMIT = Duration.ofSeconds(5);

  /** How long a completion of one token may take; a cold model is slow. */
  public static final Duration COMPLETION_LIMIT = Duration.ofSeconds(30);

  /** How long an answer may take that a run does not need. */
  private static final Duration QUESTION_LIMIT = Duration.ofSeconds(2);

  /** Without this, each client reads a list of all public domains, though it keeps no cookies. */
  private static final Lookup<CookieSpecFactory> NO_COOKIES = name -> null;

  private final TargetNetwork network;
  private final Duration limit;
  private final BoundedReplies replies = new BoundedReplies();
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient client;
  private final CloseableHttpClient completionClient;
  private final CloseableHttpClient questionClient;

  /** Creates a client for aiperf's environment. */
  public TargetClient(Map<String, String> environment) {
    this(environment, LIMIT, COMPLETION_LIMIT);
  }

  TargetClient(Map<String, String> environment, Duration limit) {
    this(environment, limit, COMPLETION_LIMIT);
  }

  TargetClient(Map<String, String> environment, Duration limit, Duration completionLimit) {
    this(environment, limit, completionLimit, QUESTION_LIMIT);
  }

  TargetClient(
      Map<String, String> environment,
      Duration limit,
      Duration completionLimit,
      Duration questionLimit) {
    this.network = TargetNetwork.of(environment);
    this.limit = limit;
    this.connections = connections();
    this.client = client(limit);
    this.completionClient = client(completionLimit);
    this.questionClient = client(questionLimit);
  }

  /** Warnings about these network settings for the user, one line each. */
  public List<String> warnings() {
    return network.warnings();
  }

  /** Configures another Apache client, such as camel-http's, like this one. */
  public void configure(HttpClientBuilder builder) {
    configure(builder, limit);
  }

  private CloseableHttpClient client(Duration total) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    configure(builder, total);
    return builder.build();
  }

  private void configure(HttpClientBuilder builder, Duration total) {
    Timeout timeout = Timeout.of(total);
    builder
        .setConnectionManager(connections)
        .setConnectionManagerShared(true)
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .setRedirectsEnabled(false)
                .build())
        .setRoutePlanner(network.proxies().planner())
        .setDefaultCredentialsProvider(network.proxies().credentials())
        .setConnectionReuseStrategy((request, response, context) -> false)
        .setUserAgent("caravan")
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .setDefaultCookieSpecRegistry(NO_COOKIES);
    replies.limit(builder, total);
  }

  /**
   * Sends one GET request.
   *
   * @param headers used only in this request
   * @throws IOException if no reply came; {@link Readiness} turns it into a message
   */
  public TargetReply get(URI uri, RequestHeaders headers) throws IOException {
    return get(client, uri, headers);
  }

  /** Sends one GET request whose answer a run does not need, so that it takes at most 2 s. */
  public TargetReply ask(URI uri, RequestHeaders headers) throws IOException {
    return get(questionClient, uri, headers);
  }

  private static TargetReply get(CloseableHttpClient client, URI uri, RequestHeaders headers)
      throws IOException {
    HttpGet request = new HttpGet(uri);
    headers.addTo(request);
    return headers.masked(client.execute(request, TargetClient::reply));
  }

  /**
   * Sends one completion request.
   *
   * @param json the request body
   * @param stop cancels the request
   * @throws IOException if no reply came within {@link #COMPLETION_LIMIT}
   */
  public TargetReply complete(URI uri, RequestHeaders headers, String json, StopSignal stop)
      throws IOException {
    HttpPost request = new HttpPost(uri);
    headers.addTo(request);
    request.setEntity(new StringEntity(json, ContentType.APPLICATION_JSON));
    stop.whenStopped(request::cancel);
    try {
      return headers.masked(completionClient.execute(request, TargetClient::reply));
    } catch (IllegalStateException e) {
      // HttpClient throws this if it is cancelled while it acquires a connection.
      if (request.isCancelled()) {
        throw new IOException("cancelled", e);
      }
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    client.close();
    completionClient.close();
    questionClient.close();
    connections.close();
    replies.close();
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

  /** A new manager of connections like those of this client. */
  public PoolingHttpClientConnectionManager connections() {
    Timeout timeout = Timeout.of(limit);
    return BoundedReplies.connections()
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(timeout).setSocketTimeout(timeout).build())
        .setDnsResolver(new Resolver(network))
        .setTlsSocketStrategy(new Tls(network))
        .setMaxConnPerRoute(20)
        .setMaxConnTotal(200)
        .build();
  }

  /** Resolves host names the way aiperf does. */
  private record Resolver(TargetNetwork network) implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return network.addresses(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  /** Reads the trusted certificates on first use of TLS, because many targets use plain HTTP. */
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
      SSLSocket tlsSocket = strategy().upgrade(socket, target, port, attachment, context);
      if (network.verifyTls()) {
        TargetTrust.checkDates(tlsSocket.getSession());
      }
      return tlsSocket;
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
