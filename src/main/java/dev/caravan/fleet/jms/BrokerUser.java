package dev.caravan.fleet.jms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.apache.commons.codec.digest.Crypt;

/**
 * Who may come to the embedded broker.
 *
 * @param name what the user calls itself
 * @param roles what it may do
 * @param secret a hash as {@code crypt(3)} makes it ({@code $6$…}, {@code $5$…}), or the password
 * @param hashed whether {@code secret} is a hash
 */
record BrokerUser(String name, Set<BrokerRole> roles, String secret, boolean hashed) {

  BrokerUser {
    roles = Set.copyOf(roles);
  }

  /** Whether this is the user's password. */
  boolean knows(String password) {
    return hashed ? same(Crypt.crypt(password, secret), secret) : same(password, secret);
  }

  /** In a time that tells nothing of where they differ. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return name + " " + roles;
  }
}
