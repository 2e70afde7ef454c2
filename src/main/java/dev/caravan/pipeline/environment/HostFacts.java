package dev.caravan.pipeline.environment;

import dev.caravan.storage.LocalHost;
import java.util.LinkedHashMap;
import java.util.Map;

/** What kind of machine this is. What the kernel does not tell is absent. */
public final class HostFacts {

  private static final String GOVERNOR = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";
  private static final Map<String, Object> CONSTANT = constant();

  private HostFacts() {}

  /** The facts, by name. */
  public static Map<String, Object> read() {
    Map<String, Object> facts = new LinkedHashMap<>(CONSTANT);
    put(facts, "governor", KernelFile.text(GOVERNOR).strip());
    return facts;
  }

  private static Map<String, Object> constant() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("name", LocalHost.name());
    put(facts, "kernel", KernelFile.text("/proc/sys/kernel/osrelease").strip());
    put(
        facts,
        "cpu_model",
        KernelFile.value(KernelFile.start("/proc/cpuinfo"), "model name").orElse(""));
    facts.put("cpus", Runtime.getRuntime().availableProcessors());
    KernelFile.bytes("/proc/meminfo", "MemTotal:")
        .ifPresent(bytes -> facts.put("memory_bytes", (long) bytes));
    return facts;
  }

  private static void put(Map<String, Object> facts, String name, String value) {
    if (!value.isEmpty()) {
      facts.put(name, value);
    }
  }
}
