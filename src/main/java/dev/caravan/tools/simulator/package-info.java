/**
 * A simulated OpenAI-compatible LLM: a small HTTP server that answers with words instead of
 * thoughts, at a set pace and capacity. The demo, the tests and {@code caravan simulate} use it.
 */
package dev.caravan.tools.simulator;
