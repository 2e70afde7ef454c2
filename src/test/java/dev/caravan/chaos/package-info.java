/**
 * Chaos experiments on the packaged program, described in docs/reliability.md. Start with {@link
 * dev.caravan.chaos.RandomKillsIT}.
 */
package dev.caravan.chaos;
