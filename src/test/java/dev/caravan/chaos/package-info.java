/**
 * Chaos experiments on the packaged program, described in docs/evidence/reliability.md. Start with
 * {@link dev.caravan.chaos.RandomKillsIT}.
 */
package dev.caravan.chaos;
