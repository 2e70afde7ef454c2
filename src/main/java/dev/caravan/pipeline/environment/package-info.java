/**
 * What Caravan sees of an attempt from outside: the host, the client, the service and the phases
 * that aiperf reports. Begin with {@link dev.caravan.pipeline.environment.Environment}.
 */
package dev.caravan.pipeline.environment;
