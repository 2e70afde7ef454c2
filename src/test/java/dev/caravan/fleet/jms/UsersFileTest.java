package dev.caravan.fleet.jms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.caravan.config.settings.SettingsRefusedException;
import dev.caravan.storage.Home;
import dev.caravan.storage.SecretStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsersFileTest {

  /** Made by {@code openssl passwd -6 -salt caravan correct-horse}. */
  private static final String HASH =
      "$6$caravan$BFzHqxbLklgC4cqz5KfGrPZwD8r/xGBUzqFRCIPKGMMcEuH.Qbi/AvdAa/ddxQMplI1ajI.BUlj5ThHxTyMap0";

  @TempDir private Path folder;
  private Path file;
  private SecretStore keys;

  @BeforeEach
  void prepare() {
    file = folder.resolve("users");
    keys = new SecretStore(new Home(folder), Map.of("LAB_PASSWORD", "in the clear"));
  }

  private List<BrokerUser> read(String text, String mode) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return UsersFile.read(file, keys);
  }

  @Test
  void readsPasswordsFromVariablesAndHashes() throws IOException {
    // when
    List<BrokerUser> users =
        read(
            "# ours\n\nlab1  work env:LAB_PASSWORD\nci submit,read-events " + HASH + "\n",
            "rw-------");

    // then
    assertThat(users).extracting(BrokerUser::name).containsExactly("lab1", "ci");
    assertThat(users.get(1).roles())
        .containsExactlyInAnyOrder(BrokerRole.SUBMIT, BrokerRole.READ_EVENTS);
    assertThat(users.get(0).matches("in the clear")).isTrue();
    assertThat(users.get(0).matches("in the dark")).isFalse();
    assertThat(users.get(1).matches("correct-horse")).isTrue();
    assertThat(users.get(1).matches(HASH)).isFalse();
    assertThat(users.toString()).doesNotContain("clear", "$6$");
  }

  @Test
  void reportsAllProblemsButNoPassword() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    lab1 work hunter2
                    lab2 boss,hub env:LAB_PASSWORD
                    lab3 work env:NOT_THERE
                    lab4 work
                    caravan-hub work env:LAB_PASSWORD
                    lab6 work env:LAB_PASSWORD
                    lab6 work env:LAB_PASSWORD
                    """,
                    "rw-------"))
        .isInstanceOf(SettingsRefusedException.class)
        .hasMessageContainingAll(
            "line 1: the password must be env:NAME or a hash",
            "line 2: unknown role \"boss\"",
            "line 2: unknown role \"hub\"",
            "line 3: $NOT_THERE is not set",
            "line 4: must be: name roles password",
            "line 5: not a valid user name: \"caravan-hub\"",
            "line 7: duplicate user \"lab6\"")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("hunter2"));
  }

  @Test
  void refusesAFileThatOthersCanReadOrThatListsNoUser() {
    assertThatThrownBy(() -> read("lab1 work env:LAB_PASSWORD\n", "rw-r-----"))
        .hasMessageContaining("chmod 600");
    assertThatThrownBy(() -> read("# empty\n", "rw-------")).hasMessageContaining("lists no user");
  }
}
