package de.freiraum.federation;

import de.freiraum.broker.Caller;
import de.freiraum.jsonld.Context;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The request that an operation serves, as far as requests to sources depend on it.
 *
 * @param caller on whose behalf it runs
 * @param context what its names belong to
 * @param via the brokers that it has passed
 * @param header gives a header of it, or null
 * @param deadline until when sources are waited for
 */
public record Incoming(
        Caller caller, Context context, Via via, Function<String, @Nullable String> header, Instant deadline) {}
