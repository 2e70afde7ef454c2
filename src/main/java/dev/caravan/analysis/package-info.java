/**
 * Statistics of repeated measurements: their spread, and whether one side of a comparison is worse
 * than the other beyond noise. Pure: no files, no formats.
 */
package dev.caravan.analysis;
