/**
 * Adapters between Camel and the pipeline: {@link dev.caravan.app.camel.CamelApp} starts the
 * routes, and the other classes are what routes need of camel-exec, camel-file, health checks and
 * JMS.
 */
package dev.caravan.app.camel;
