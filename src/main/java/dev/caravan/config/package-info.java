/**
 * Configs: the table of their keys, the reader that checks them, and the checked result. Begin with
 * {@link dev.caravan.config.ConfigReader} and {@link dev.caravan.config.ConfigKeys}.
 */
package dev.caravan.config;
