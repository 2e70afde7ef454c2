/**
 * Executes one attempt of a run, from the run order to its report. Begin with {@link
 * dev.caravan.pipeline.run.RunStage}, whose methods are the steps of the route.
 */
package dev.caravan.pipeline.run;
