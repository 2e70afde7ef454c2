/**
 * The broker: the embedded Artemis with its users and TLS, and sending and receiving over JMS;
 * begin with {@link dev.caravan.fleet.jms.EmbeddedBroker} and {@link
 * dev.caravan.fleet.jms.RunSlot}.
 */
package dev.caravan.fleet.jms;
