/**
 * Installs aiperf and its tokenizers for a user. Start with {@link dev.caravan.tools.setup.Setup}.
 */
package dev.caravan.tools.setup;
