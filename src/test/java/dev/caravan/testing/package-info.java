/**
 * Fakes and helpers shared by the tests. Start with {@link dev.caravan.testing.Caravan} and {@link
 * dev.caravan.testing.FakeAiperf}.
 */
package dev.caravan.testing;
