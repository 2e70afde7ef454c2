package dev.caravan.testing;

import org.apache.camel.component.file.FileComponent;

/**
 * A Camel component that Caravan does not ship: {@code shelf:folder}, which is like a file
 * endpoint.
 */
public final class ShelfComponent extends FileComponent {}
