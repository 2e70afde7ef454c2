package dev.caravan.config;

import java.time.Duration;
import java.util.Set;

public record Retry(int attempts, Set<String> on, Duration backoff) {
  public boolean retries(String w, int attempt) {
    return on.contains(w) && attempt < attempts;
  }
}
