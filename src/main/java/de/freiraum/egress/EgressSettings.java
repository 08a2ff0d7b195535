package de.freiraum.egress;

import java.time.Duration;

/**
 * Limits of the outbound client.
 *
 * @param addresses which addresses may be connected to
 * @param connectionsPerDestination connections to one host and port at a time, above 0
 * @param waitingPerDestination requests that may wait for such a connection, 0 or more; those beyond fail at once
 * @param connectTimeout how long a connection may take to be made
 */
public record EgressSettings(
        AddressPolicy addresses, int connectionsPerDestination, int waitingPerDestination, Duration connectTimeout) {

    /** Public addresses only, 8 connections and 256 waiting requests a destination, 5 seconds to connect. */
    public static final EgressSettings DEFAULT =
            new EgressSettings(AddressPolicy.PUBLIC_ONLY, 8, 256, Duration.ofSeconds(5));

    /** The same with other address rules. */
    public EgressSettings withAddresses(AddressPolicy other) {
        return new EgressSettings(other, connectionsPerDestination, waitingPerDestination, connectTimeout);
    }
}
