package de.freiraum.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryFactory;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.LinearRing;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;
import org.locationtech.jts.geom.PrecisionModel;

/**
 * A GeoJSON geometry (clause 4.7): longitude and latitude in degrees, WGS84, optionally altitude in metres.
 * Supported are Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon and GeometryCollection.
 */
public final class Geometry {
    private static final GeometryFactory FACTORY = new GeometryFactory(new PrecisionModel(), 4326);
    private static final int MAX_POSITIONS = 100_000;

    /** Stands for a geometry that was deleted, in history (clause 4.5.7): written as NGSI-LD Null, and empty. */
    public static final Geometry DELETED = new Geometry(new Value.Obj(java.util.Map.of()), FACTORY.createPoint());

    private final Value.Obj geoJson;
    private final org.locationtech.jts.geom.Geometry shape;

    private Geometry(Value.Obj geoJson, org.locationtech.jts.geom.Geometry shape) {
        this.geoJson = geoJson;
        this.shape = shape;
    }

    /**
     * Reads a GeoJSON geometry object with raw member names.
     *
     * @throws NgsiLdException BadRequestData, naming what is wrong with it
     */
    public static Geometry of(Value value) {
        if (!(value instanceof Value.Obj object)) {
            throw NgsiLdException.badRequest("a geometry is a GeoJSON object with \"type\" and \"coordinates\"");
        }
        return new Geometry(object, shape(object, 0));
    }

    /** A point. */
    public static Geometry point(double longitude, double latitude) {
        return of(new Value.Obj(java.util.Map.of(
                "type",
                Value.of("Point"),
                "coordinates",
                new Value.Array(List.of(Value.of(longitude), Value.of(latitude))))));
    }

    /** Whether the value looks like a GeoJSON geometry of a supported type, without full validation (clause 4.5.2.3). */
    public static boolean isGeometry(Value value) {
        return value instanceof Value.Obj o
                && o.get("type") instanceof Value.Text t
                && (o.get("coordinates") instanceof Value.Array
                        ? List.of("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon")
                                .contains(t.text())
                        : o.get("geometries") instanceof Value.Array && t.text().equals("GeometryCollection"));
    }

    /** The GeoJSON object as it was given. */
    public Value.Obj geoJson() {
        return geoJson;
    }

    /** Whether this is {@link #DELETED}. */
    public boolean isDeleted() {
        return geoJson.members().isEmpty();
    }

    /** The GeoJSON object or, for {@link #DELETED}, the NGSI-LD Null. */
    public Value orNull() {
        return isDeleted() ? Value.of(Value.NGSI_LD_NULL) : geoJson;
    }

    /** Reads what {@link #orNull} gave. */
    public static Geometry ofStored(Value value) {
        return value.isNgsiLdNull() ? DELETED : of(value);
    }

    /** The same geometry for computation; x is longitude, y is latitude. Must not be modified. */
    public org.locationtech.jts.geom.Geometry shape() {
        return shape;
    }

    private static org.locationtech.jts.geom.Geometry shape(Value.Obj object, int depth) {
        if (!(object.get("type") instanceof Value.Text type)) {
            throw NgsiLdException.badRequest("a geometry needs a \"type\", such as Point or Polygon");
        }
        if (type.text().equals("GeometryCollection")) {
            if (!(object.get("geometries") instanceof Value.Array members) || depth > 4) {
                throw NgsiLdException.badRequest(
                        "a GeometryCollection needs an array \"geometries\", nested at most 4 deep");
            }
            List<org.locationtech.jts.geom.Geometry> shapes = new ArrayList<>();
            for (Value member : members.items()) {
                if (!(member instanceof Value.Obj inner)) {
                    throw NgsiLdException.badRequest("\"geometries\" holds GeoJSON geometries only");
                }
                shapes.add(shape(inner, depth + 1));
            }
            return FACTORY.createGeometryCollection(shapes.toArray(org.locationtech.jts.geom.Geometry[]::new));
        }
        Value coordinates = object.get("coordinates");
        if (!(coordinates instanceof Value.Array array)) {
            throw NgsiLdException.badRequest("a " + clip(type.text()) + " needs an array \"coordinates\"");
        }
        int[] budget = {MAX_POSITIONS};
        return switch (type.text()) {
            case "Point" -> FACTORY.createPoint(position(array, budget));
            case "MultiPoint" -> FACTORY.createMultiPointFromCoords(positions(array, 0, budget));
            case "LineString" -> line(array, budget);
            case "MultiLineString" ->
                FACTORY.createMultiLineString(
                        arrays(array).stream().map(a -> line(a, budget)).toArray(LineString[]::new));
            case "Polygon" -> polygon(array, budget);
            case "MultiPolygon" ->
                FACTORY.createMultiPolygon(
                        arrays(array).stream().map(a -> polygon(a, budget)).toArray(Polygon[]::new));
            default ->
                throw NgsiLdException.badRequest(
                        "\"" + clip(type.text())
                                + "\" is no geometry type; allowed are Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon, GeometryCollection");
        };
    }

    private static LineString line(Value.Array array, int[] budget) {
        return FACTORY.createLineString(positions(array, 2, budget));
    }

    private static Polygon polygon(Value.Array array, int[] budget) {
        List<LinearRing> rings = new ArrayList<>();
        for (Value.Array ring : arrays(array)) {
            Coordinate[] c = positions(ring, 4, budget);
            if (!c[0].equals2D(c[c.length - 1])) {
                throw NgsiLdException.badRequest("a polygon's ring must end where it starts");
            }
            rings.add(FACTORY.createLinearRing(c));
        }
        if (rings.isEmpty()) {
            throw NgsiLdException.badRequest("a Polygon needs at least one ring");
        }
        return FACTORY.createPolygon(
                rings.get(0), rings.subList(1, rings.size()).toArray(LinearRing[]::new));
    }

    private static List<Value.Array> arrays(Value.Array array) {
        List<Value.Array> result = new ArrayList<>();
        for (Value item : array.items()) {
            if (!(item instanceof Value.Array inner)) {
                throw NgsiLdException.badRequest("coordinates are not nested deep enough for the geometry's type");
            }
            result.add(inner);
        }
        return result;
    }

    private static Coordinate[] positions(Value.Array array, int least, int[] budget) {
        List<Value.Array> items = arrays(array);
        if (items.size() < least) {
            throw NgsiLdException.badRequest(
                    "coordinates have " + items.size() + " positions; at least " + least + " are needed");
        }
        return items.stream().map(p -> position(p, budget)).toArray(Coordinate[]::new);
    }

    private static Coordinate position(Value.Array array, int[] budget) {
        if (--budget[0] < 0) {
            throw NgsiLdException.badRequest("a geometry has at most " + MAX_POSITIONS + " positions");
        }
        List<Value> p = array.items();
        if (p.size() < 2
                || p.size() > 3
                || !(p.get(0) instanceof Value.Num longitude)
                || !(p.get(1) instanceof Value.Num latitude)
                || (p.size() == 3 && !(p.get(2) instanceof Value.Num))) {
            throw NgsiLdException.badRequest(
                    "a position is [longitude, latitude] or [longitude, latitude, altitude] in numbers");
        }
        double x = longitude.asDouble();
        double y = latitude.asDouble();
        if (!(x >= -180 && x <= 180 && y >= -90 && y <= 90)) {
            throw NgsiLdException.badRequest(
                    "position [" + x + ", " + y + "] is outside longitude -180..180, latitude -90..90");
        }
        return new Coordinate(x, y);
    }

    private static String clip(String text) {
        return text.length() <= 60 ? text : text.substring(0, 60);
    }

    /** The representative point for sorting by distance and for the map: the point itself, otherwise a point inside. */
    public Point anchor() {
        return shape instanceof Point p ? p : shape.getInteriorPoint();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Geometry g && g.geoJson.equals(geoJson);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(geoJson);
    }

    @Override
    public String toString() {
        return shape.toText();
    }
}
