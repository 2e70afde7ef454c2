package dev.caravan.pipeline.accept;

import dev.caravan.config.ConfigRules;
import dev.caravan.config.HookEvent;
import dev.caravan.config.settings.HookSources;
import dev.caravan.config.settings.Role;
import dev.caravan.config.settings.Setting;
import dev.caravan.config.settings.Settings;
import dev.caravan.config.text.NativeEncoding;
import dev.caravan.pipeline.process.AiperfExtras;
import dev.caravan.storage.Home;
import dev.caravan.storage.OutputRoots;
import dev.caravan.storage.SecretStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What configs from one source may use: the inbox, HTTP, the broker or the command line.
 *
 * @param extraOptions aiperf options allowed beyond the shipped list
 * @param maxRuns the highest number of runs in a batch
 * @param keys which key variables they may name
 * @param secrets where keys are looked up
 * @param secretsElsewhere whether other machines hold the keys, so that none needs to be set here
 * @param outputs where results may be written
 * @param inputs where input files are searched
 * @param hooks which hooks they may name
 * @param extras which extras of aiperf are installed
 */
public record SourceRules(
    Set<String> extraOptions,
    long maxRuns,
    KeyRules keys,
    SecretStore secrets,
    boolean secretsElsewhere,
    OutputRoots outputs,
    InputFiles inputs,
    HookRules hooks,
    AiperfExtras extras)
    implements ConfigRules {

  /** For a config named on the command line, which may use any key variable and any folder. */
  public static SourceRules ofCommand(Settings settings, Path config) {
    return of(
        settings,
        KeyRules.ALL,
        OutputRoots.anywhere(settings),
        InputFiles.ofCommand(config, new Home(settings.home())),
        HookRules.ofCommand(settings));
  }

  /** For configs dropped into the inbox. */
  public static SourceRules ofInbox(Settings settings) {
    return ofDaemon(settings, keys(settings, Setting.KEYS_ALLOWED), HookSources.INBOX);
  }

  /** For configs by message: no key variables unless the settings allow some. */
  public static SourceRules ofMessages(Settings settings) {
    KeyRules keys = keys(settings, Setting.KEYS_ALLOWED_MESSAGES);
    return ofDaemon(settings, keys, HookSources.MESSAGES);
  }

  /** For configs by HTTP: no key variables unless the settings allow some. */
  public static SourceRules ofHttp(Settings settings) {
    boolean allowsSome = settings.isSet(Setting.KEYS_ALLOWED);
    KeyRules none = new KeyRules(List.of(), Setting.KEYS_ALLOWED);
    KeyRules keys = allowsSome ? keys(settings, Setting.KEYS_ALLOWED) : none;
    return ofDaemon(settings, keys, HookSources.HTTP);
  }

  private static KeyRules keys(Settings settings, Setting setting) {
    return new KeyRules(settings.list(setting), setting);
  }

  private static SourceRules ofDaemon(Settings settings, KeyRules keys, HookSources source) {
    InputFiles inputs = InputFiles.ofInbox(new Home(settings.home()));
    HookRules hooks = HookRules.of(settings, source);
    return of(settings, keys, OutputRoots.of(settings), inputs, hooks);
  }

  private static SourceRules of(
      Settings settings, KeyRules keys, OutputRoots outputs, InputFiles inputs, HookRules hooks) {
    return new SourceRules(
        Set.copyOf(settings.list(Setting.AIPERF_OPTIONS_ALLOWED)),
        settings.count(Setting.BATCH_MAX_RUNS, 1),
        keys,
        SecretStore.of(settings),
        !Role.of(settings).executes(),
        outputs,
        inputs,
        hooks,
        AiperfExtras.of(settings));
  }

  @Override
  public boolean optionAllowed(String name) {
    return extraOptions.stream().anyMatch(option -> key(option).equals(name));
  }

  @Override
  public Optional<String> optionRemark(String name) {
    return extras.missing(name);
  }

  @Override
  public boolean secretAllowed(String variable) {
    return keys.allows(variable);
  }

  @Override
  public String secretsProperty() {
    return keys.setting().key();
  }

  @Override
  public boolean secretSet(String variable) {
    return secretsElsewhere
        || secretFault(variable).isPresent()
        || secrets.apiKey(variable).isPresent();
  }

  @Override
  public Optional<String> secretFault(String variable) {
    return secrets.apiKeyFault(variable);
  }

  @Override
  public List<String> secretRemarks(String variable) {
    return secrets.remarks(variable);
  }

  @Override
  public Optional<String> encodingRefusal(String text) {
    return NativeEncoding.JVM.refusal(text);
  }

  @Override
  public Optional<String> outputFolderRefusal(String outputBaseDir, String batchName) {
    return new BatchFolderCheck(outputs).refusal(outputBaseDir, batchName);
  }

  @Override
  public Optional<String> hookRefusal(HookEvent event, String name) {
    return hooks.refusal(event, name);
  }

  @Override
  public Optional<String> inputFileRefusal(String inputFile) {
    return inputs.refusal(inputFile);
  }

  @Override
  public Optional<String> datasetRefusal(String inputFile, Optional<String> format) {
    return inputs
        .find(inputFile)
        .flatMap(
            found -> {
              Optional<String> unreadable = new DatasetCheck(inputs).refusal(found, format);
              return unreadable.isPresent() || !secretsElsewhere
                  ? unreadable
                  : DatasetCheck.notPortable(found);
            });
  }

  /** The config key of an option, which the property may list as a flag ({@code --some-option}). */
  private static String key(String option) {
    return option.replaceFirst("^--", "").replace('-', '_');
  }
}
