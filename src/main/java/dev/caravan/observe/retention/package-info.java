/**
 * Old batches: which of them may go, and how they are deleted or compressed so that nothing that is
 * still used is lost.
 */
package dev.caravan.observe.retention;
