/**
 * A simulated OpenAI-compatible LLM with configurable latency and capacity, used by the demo, the
 * tests and {@code caravan simulate}. Start with {@link dev.caravan.tools.simulator.Simulator}.
 */
package dev.caravan.tools.simulator;
