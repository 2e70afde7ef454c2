package dev.caravan.fleet.jms;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.apache.commons.codec.digest.Crypt;

/**
 * A user of the embedded broker.
 *
 * @param name user name
 * @param roles its roles
 * @param secret a hash as {@code crypt(3)} makes it ({@code $6$…}, {@code $5$…}), or the password
 * @param hashed whether {@code secret} is a hash
 */
record BrokerUser(String name, Set<BrokerRole> roles, String secret, boolean hashed) {

  BrokerUser {
    roles = Set.copyOf(roles);
  }

  /** Whether this is the user's password. */
  boolean matches(String password) {
    return hashed
        ? equalsInConstantTime(Crypt.crypt(password, secret), secret)
        : equalsInConstantTime(password, secret);
  }

  /** Compares in a time that does not depend on where the texts differ. */
  private static boolean equalsInConstantTime(String a, String b) {
    return MessageDigest.isEqual(
        a.getBytes(StandardCharsets.UTF_8), b.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return name + " " + roles;
  }
}
