package dev.caravan.pipeline.accept;

import dev.caravan.config.HookEvent;
import dev.caravan.config.settings.HookName;
import dev.caravan.config.settings.HookSources;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.SettingFamily;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.NearestName;
import java.util.Optional;

/**
 * Which hooks configs from one source may name.
 *
 * @param settings know the commands of this host
 * @param allowed whether configs from the source may name any
 * @param runsElsewhere whether other machines execute runs, and know the hooks of these
 */
public record HookRules(Settings settings, boolean allowed, boolean runsElsewhere) {

  /** For a config that is named on the command line. */
  public static HookRules ofCommand(Settings settings) {
    return new HookRules(settings, true, false);
  }

  /** For configs that a daemon gets from this source. */
  static HookRules of(Settings settings, HookSources source) {
    return new HookRules(
        settings, HookSources.of(settings).contains(source), !Role.of(settings).executes());
  }

  /** Why a config may not name this hook; empty if it may. */
  Optional<String> refusal(HookEvent event, String name) {
    if (!allowed) {
      return Optional.of(
          "a config from this source may not name hooks; see " + Setting.HOOKS_ALLOWED_FROM.key());
    }
    return settings.hook(name).isPresent() || runsElsewhere && !event.isOfBatch()
        ? Optional.empty()
        : Optional.of(
            "no such hook on this host; "
                + HookName.key(name)
                + " would be its command"
                + NearestName.hint(name, settings.all(SettingFamily.HOOKS).keySet()));
  }
}
