package dev.caravan.pipeline.run;

import dev.caravan.config.Parameters;
import dev.caravan.model.Run;
import dev.caravan.pipeline.process.ApiKey;
import dev.caravan.pipeline.process.Masking;
import dev.caravan.storage.KeyStore;
import java.util.Optional;

/** The API keys that runs name, looked up when they are needed and kept nowhere. */
public record RunKeys(KeyStore store) {

  /** The key that these parameters name; empty when they name none or it is not set. */
  Optional<ApiKey> of(Parameters parameters) {
    return parameters
        .apiKeyEnvVar()
        .flatMap(name -> store.value(name).map(value -> new ApiKey(name, value)));
  }

  /** Hides the run's key. */
  public Masking masking(Run run) {
    return masking(of(run.parameters()));
  }

  static Masking masking(Optional<ApiKey> key) {
    return new Masking(key.map(ApiKey::value).stream().toList());
  }
}
