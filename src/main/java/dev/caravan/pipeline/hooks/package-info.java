/** Runs the commands of this host that configs name as hooks. */
package dev.caravan.pipeline.hooks;
