/**
 * The files of a home: where they are, and how to change them so that they survive a crash. Begin
 * with {@link dev.caravan.storage.Home} and {@link dev.caravan.storage.DurableFiles}.
 */
package dev.caravan.storage;
