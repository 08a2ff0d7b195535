package de.freiraum.formats.ogc;

import de.freiraum.catalog.Dataset;
import de.freiraum.formats.Numbers;
import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.AttributePath;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.GeoQuery;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Which features of a collection are asked for (17-069r4, 7.15).
 *
 * @param geo inside the box of {@code bbox}, or null
 * @param time the parameter {@code datetime}, or null
 * @param limit the most features on a page
 * @param offset how many to leave out
 * @param others the parameters by which a link to another page repeats the question
 */
record FeatureQuery(
        @Nullable GeoQuery geo, @Nullable TimeSpan time, int limit, int offset, Map<String, String> others) {
    /** Copies the map. */
    FeatureQuery {
        others = Map.copyOf(others);
    }

    /** The most features on a page; more are not asked for, but not refused either, as the standard has it. */
    static final int MOST = 1000;

    /** Features on a page when nothing is said. */
    static final int USUAL = 100;

    /** What is understood. */
    static final Set<String> PARAMETERS = Set.of("bbox", "datetime", "limit", "offset", "f");

    private static final double WIDTH_OF_NOTHING = 1e-9;

    /** Reads the parameters; fails with BadRequestData. */
    static FeatureQuery of(MultiMap parameters) {
        String bbox = parameters.get("bbox");
        String datetime = parameters.get("datetime");
        Map<String, String> others = new TreeMap<>();
        if (bbox != null) {
            others.put("bbox", bbox);
        }
        if (datetime != null) {
            others.put("datetime", datetime);
        }
        int limit = Numbers.whole("limit", parameters.get("limit"), 1, USUAL);
        return new FeatureQuery(
                bbox == null ? null : geo(bbox),
                datetime == null ? null : TimeSpan.of(datetime),
                Math.min(limit, MOST),
                Numbers.whole("offset", parameters.get("offset"), 0, 0),
                others);
    }

    /** The conditions that the store knows, for one dataset. */
    EntityQuery query(Dataset dataset) {
        return dataset.query().withGeo(geo);
    }

    private static GeoQuery geo(String bbox) {
        String[] numbers = bbox.split(",", -1);
        if (numbers.length != 4 && numbers.length != 6) {
            throw NgsiLdException.badRequest("bbox: expected are four numbers, or six with heights");
        }
        int upper = numbers.length / 2;
        double west = Numbers.between("bbox", numbers[0], -180, 180);
        double south = Numbers.between("bbox", numbers[1], -90, 90);
        double east = Numbers.between("bbox", numbers[upper], -180, 180);
        double north = Numbers.between("bbox", numbers[upper + 1], -90, 90);
        if (upper == 3) {
            Numbers.between("bbox", numbers[2], Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
            Numbers.between("bbox", numbers[5], Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        }
        if (south > north) {
            throw NgsiLdException.badRequest("bbox: the southern edge is north of the northern one");
        }
        // A box whose west is east of its east spans the antimeridian.
        List<Value> boxes = west <= east
                ? List.of(ring(west, south, east, north))
                : List.of(ring(west, south, 180, north), ring(-180, south, east, north));
        Value geometry = new Value.Obj(Map.of("type", Value.of("MultiPolygon"), "coordinates", new Value.Array(boxes)));
        return new GeoQuery(GeoQuery.Relation.INTERSECTS, Geometry.of(geometry), AttributePath.of(NgsiLd.LOCATION), 0);
    }

    private static Value ring(double west, double south, double east, double north) {
        double right = Math.max(east, west + WIDTH_OF_NOTHING);
        double top = Math.max(north, south + WIDTH_OF_NOTHING);
        return new Value.Array(List.of(new Value.Array(List.of(
                position(west, south),
                position(right, south),
                position(right, top),
                position(west, top),
                position(west, south)))));
    }

    private static Value position(double longitude, double latitude) {
        return new Value.Array(List.of(new Value.Num(longitude), new Value.Num(latitude)));
    }
}
