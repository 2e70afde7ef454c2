/**
 * The {@code caravan.*} properties of a home. Begin with {@link
 * dev.caravan.config.settings.Setting}, the list of all of them.
 */
package dev.caravan.config.settings;
