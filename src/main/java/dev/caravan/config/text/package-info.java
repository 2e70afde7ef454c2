/**
 * Text helpers: safe quoting of untrusted text, the nearest valid name, durations and Python
 * formatting. Begin with {@link dev.caravan.config.text.DisplayText}.
 */
package dev.caravan.config.text;
