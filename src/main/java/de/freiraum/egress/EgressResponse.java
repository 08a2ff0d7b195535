package de.freiraum.egress;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.net.URI;

/**
 * A complete answer, whatever its status.
 *
 * @param status HTTP status code
 * @param headers its headers
 * @param body its body, empty if there is none
 * @param uri where it came from, after redirects
 */
public record EgressResponse(int status, MultiMap headers, Buffer body, URI uri) {}
