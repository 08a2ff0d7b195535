package de.freiraum.catalog;

import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;

/**
 * Where the entities of a dataset are, in degrees.
 *
 * @param west least longitude
 * @param south least latitude
 * @param east greatest longitude
 * @param north greatest latitude
 */
public record Box(double west, double south, double east, double north) {
    private static final double STEPS = 1000;

    /** The box around an envelope, rounded outwards to a thousandth of a degree so that it rarely changes; null for an empty one. */
    static @Nullable Box around(Envelope envelope) {
        return envelope.isNull()
                ? null
                : new Box(
                        Math.floor(envelope.getMinX() * STEPS) / STEPS,
                        Math.floor(envelope.getMinY() * STEPS) / STEPS,
                        Math.ceil(envelope.getMaxX() * STEPS) / STEPS,
                        Math.ceil(envelope.getMaxY() * STEPS) / STEPS);
    }

    /** As WKT. */
    public String wkt() {
        return "POLYGON((" + west + " " + south + "," + east + " " + south + "," + east + " " + north + "," + west + " "
                + north + "," + west + " " + south + "))";
    }
}
