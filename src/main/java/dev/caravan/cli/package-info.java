/** The commands of {@code caravan}. Start with {@link dev.caravan.cli.CaravanCommand}. */
package dev.caravan.cli;
