/**
 * The daemon's web pages, HTTP API, health checks and Prometheus metrics, independent of the HTTP
 * server. Begin with {@link dev.caravan.observe.http.WebAppFactory}, which lists all routes.
 */
package dev.caravan.observe.http;
