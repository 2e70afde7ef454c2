package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.pipeline.process.AiperfArguments;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.pipeline.process.Secret;
import dev.caravan.pipeline.target.RequestHeaders;
import dev.caravan.storage.SecretStore;
import java.util.Optional;
import java.util.stream.Stream;

/** The API keys that runs name; they are looked up when needed and never stored. */
public record RunSecrets(SecretStore store) {

  /** The API key that these parameters name; empty when they name none or it is not set. */
  public Optional<Secret> key(Parameters parameters) {
    return parameters
        .apiKeyEnvVar()
        .flatMap(name -> store.apiKey(name).map(value -> new Secret(name, value)));
  }

  /** The headers that the service of these parameters expects, with their API key. */
  RequestHeaders headers(Parameters parameters) {
    RequestHeaders given = RequestHeaders.of(AiperfArguments.headers(parameters));
    return key(parameters).map(Secret::value).map(given::withBearer).orElse(given);
  }

  /**
   * Why the API key that these parameters name cannot be used; empty if it can, or they name none.
   */
  public Optional<String> problem(Parameters parameters) {
    return parameters
        .apiKeyEnvVar()
        .flatMap(
            name ->
                store
                    .apiKeyFault(name)
                    .or(
                        () ->
                            store.apiKey(name).isPresent()
                                ? Optional.empty()
                                : Optional.of("$" + name + " is not set")));
  }

  /** Masks an API key, and the secrets in the queries of endpoints. */
  static Masking masking(Optional<String> key, Parameters parameters) {
    return new Masking(Stream.concat(key.stream(), parameters.querySecrets().stream()).toList());
  }
}
