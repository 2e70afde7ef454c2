/** Compares batches: which runs count, whether they are alike, and the verdict in words. */
package dev.caravan.observe.compare;
