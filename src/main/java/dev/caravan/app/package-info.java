/**
 * Creates and connects all objects of a Caravan: {@link dev.caravan.app.CamelEngine} is the entry
 * for commands, {@link dev.caravan.app.Daemon} runs {@code caravan serve}, {@link
 * dev.caravan.app.Components} wires the pipeline.
 */
package dev.caravan.app;
