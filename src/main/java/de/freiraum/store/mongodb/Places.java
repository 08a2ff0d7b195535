package de.freiraum.store.mongodb;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import java.util.ArrayList;
import java.util.List;
import org.bson.BsonArray;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonString;
import org.bson.BsonValue;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Point;

/**
 * GeoJSON for the spherical index. Points are points. Everything else is stood for by polygons that cover its box: MongoDB's edges are great
 * circles, those of NGSI-LD are straight in longitude and latitude (RFC 7946), so that the shapes themselves would not cover each other where
 * they should; and MongoDB refuses polygons that NGSI-LD allows. The evaluator decides on what is found.
 */
final class Places {
    /** Polygons up to this width have edges that great circles stay near to. */
    private static final double WIDEST = 60;

    /** Beyond this latitude there is a cap around the pole instead of boxes. */
    private static final double CAP = 89;

    private static final double CAP_RING = 88.9;
    private static final int CAP_CORNERS = 8;

    /** About a decimetre: what is on an edge shall be inside. */
    private static final double MARGIN = 1e-6;

    private Places() {}

    /** Where the instances of {@code location} are, each as {@code {b: geometry}}. */
    static List<BsonValue> of(Entity entity) {
        List<BsonValue> places = new ArrayList<>();
        for (Attribute instance : entity.attribute(NgsiLd.LOCATION)) {
            if (instance instanceof Attribute.GeoProperty location) {
                org.locationtech.jts.geom.Geometry shape = location.value().shape();
                if (shape instanceof Point point && !point.isEmpty()) {
                    places.add(new BsonDocument("b", point(point.getX(), point.getY())));
                } else {
                    cover(shape.getEnvelopeInternal())
                            .forEach(ring -> places.add(new BsonDocument("b", polygon(ring))));
                }
            }
        }
        return places;
    }

    /** The geometry that covers boxes of longitude and latitude, or null if they are empty. */
    static @Nullable BsonDocument covering(List<Envelope> boxes) {
        BsonArray polygons = new BsonArray();
        for (Envelope box : boxes) {
            cover(box).forEach(ring -> polygons.add(new BsonArray(List.of(ring))));
        }
        return polygons.isEmpty()
                ? null
                : new BsonDocument("type", new BsonString("MultiPolygon")).append("coordinates", polygons);
    }

    private static BsonDocument point(double x, double y) {
        return new BsonDocument("type", new BsonString("Point")).append("coordinates", position(x, y));
    }

    private static BsonDocument polygon(BsonArray ring) {
        return new BsonDocument("type", new BsonString("Polygon")).append("coordinates", new BsonArray(List.of(ring)));
    }

    private static List<BsonArray> cover(Envelope box) {
        List<BsonArray> rings = new ArrayList<>();
        if (box.isNull()) {
            return rings;
        }
        if (box.getMaxY() >= CAP) {
            rings.add(cap(CAP_RING));
        }
        if (box.getMinY() <= -CAP) {
            rings.add(cap(-CAP_RING));
        }
        double south = Math.max(box.getMinY() - MARGIN, -CAP);
        double north = Math.min(box.getMaxY() + MARGIN, CAP);
        double west = Math.max(box.getMinX() - MARGIN, -180);
        double east = Math.min(box.getMaxX() + MARGIN, 180);
        if (south >= north) {
            return rings;
        }
        int parts = Math.max(1, (int) Math.ceil((east - west) / WIDEST));
        double width = (east - west) / parts;
        for (int i = 0; i < parts; i++) {
            rings.add(strip(west + i * width, west + (i + 1) * width, south, north));
        }
        return rings;
    }

    /** A great circle between two points of one latitude runs nearer to the pole: the edge towards the equator is moved away so far. */
    private static BsonArray strip(double west, double east, double south, double north) {
        double s = south > 0 ? towardsEquator(south, east - west) : south;
        double n = north < 0 ? -towardsEquator(-north, east - west) : north;
        return new BsonArray(
                List.of(position(west, s), position(east, s), position(east, n), position(west, n), position(west, s)));
    }

    private static double towardsEquator(double latitude, double width) {
        double bent =
                Math.toDegrees(Math.atan(Math.tan(Math.toRadians(latitude)) * Math.cos(Math.toRadians(width / 2))));
        return Math.max(0, bent - MARGIN);
    }

    private static BsonArray cap(double latitude) {
        BsonArray ring = new BsonArray();
        for (int i = 0; i <= CAP_CORNERS; i++) {
            int corner = i % CAP_CORNERS;
            ring.add(position(-180 + corner * 360.0 / CAP_CORNERS, latitude));
        }
        return ring;
    }

    private static BsonArray position(double x, double y) {
        return new BsonArray(List.of(new BsonDouble(x), new BsonDouble(y)));
    }
}
