/**
 * Reports, lists and progress, all read from result trees; begin with {@link
 * dev.caravan.observe.report.Reporter}.
 */
package dev.caravan.observe.report;
