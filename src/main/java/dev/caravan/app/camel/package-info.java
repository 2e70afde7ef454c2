/**
 * What route files call that is not a stage: the seams to camel-exec, camel-file and health, and
 * the readers and writers of messages. Stages know nothing of it.
 */
package dev.caravan.app.camel;
