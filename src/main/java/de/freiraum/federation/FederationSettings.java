package de.freiraum.federation;

import java.time.Duration;

/**
 * Limits of distributed operations.
 *
 * @param timeout how long a source may take where its registration says nothing
 * @param budget how long all of a request may take, however many sources there are and whatever their registrations say
 * @param failuresInARow after how many failures in a row a source is left alone
 * @param rest for how long, where its registration says nothing
 * @param maxResponseBytes the longest answer that is read
 * @param parallel how many sources are asked at a time for one request
 * @param pageSize how many entities are asked for at a time
 * @param evolutionsAPage how many temporal evolutions are asked for at a time
 * @param maxPages how many such pages of one source are read for one request
 */
public record FederationSettings(
        Duration timeout,
        Duration budget,
        int failuresInARow,
        Duration rest,
        int maxResponseBytes,
        int parallel,
        int pageSize,
        int evolutionsAPage,
        int maxPages) {

    /** 5 seconds a source, 15 for all; 5 seconds of rest after 5 failures; 16 MiB; 16 sources at a time; 10 pages of 1000 entities or 100 evolutions. */
    public static final FederationSettings DEFAULT = new FederationSettings(
            Duration.ofSeconds(5), Duration.ofSeconds(15), 5, Duration.ofSeconds(5), 16 << 20, 16, 1000, 100, 10);
}
