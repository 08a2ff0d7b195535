package de.freiraum.query;

import de.freiraum.model.Geometry;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import de.freiraum.query.GeoQuery.Relation;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of the geoquery language (clause 4.10). */
public final class GeoQueryParser {
    private static final Set<String> GEOMETRIES =
            Set.of("Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon");

    private static final int MAX_PATH = 1024;

    private GeoQueryParser() {}

    /** Reads JSON text into a value; {@code json.JsonReader} at the edge. Fails with an {@link NgsiLdException}. */
    @FunctionalInterface
    public interface JsonText {
        /** The value of a JSON text. */
        Value read(String text);
    }

    /**
     * Parses a geoquery from the parameters of a URL, of which each may be absent.
     *
     * @param georel the relation, such as {@code near;maxDistance==2000}
     * @param geometry a GeoJSON geometry type but GeometryCollection
     * @param coordinates a JSON array as text
     * @param geoproperty path of the GeoProperty; {@code location} if null
     * @param json reads the coordinates
     * @param expand gives the IRI of a name
     * @return the geoquery, or null if there is neither georel, geometry nor coordinates
     * @throws NgsiLdException BadRequestData, naming the parameter that is missing or wrong
     */
    public static @Nullable GeoQuery parse(
            @Nullable String georel,
            @Nullable String geometry,
            @Nullable String coordinates,
            @Nullable String geoproperty,
            JsonText json,
            UnaryOperator<String> expand) {
        return parse(
                georel,
                geometry,
                coordinates == null ? null : read("coordinates", coordinates, json),
                geoproperty,
                expand);
    }

    /**
     * Parses a geoquery whose coordinates are read already (clause 5.2.13). Coordinates given as a {@link Value.Text} are refused; read them
     * first.
     */
    public static @Nullable GeoQuery parse(
            @Nullable String georel,
            @Nullable String geometry,
            @Nullable Value coordinates,
            @Nullable String geoproperty,
            UnaryOperator<String> expand) {
        if (georel == null && geometry == null && coordinates == null) {
            return null;
        }
        if (georel == null || geometry == null || coordinates == null) {
            String missing = georel == null ? "georel" : geometry == null ? "geometry" : "coordinates";
            throw NgsiLdException.badRequest(
                    missing + " is missing: a geoquery needs georel, geometry and coordinates together");
        }
        Geometry reference = geometry("geometry", geometry, "coordinates", coordinates);
        AttributePath property =
                geoproperty == null ? AttributePath.of(NgsiLd.LOCATION) : property(geoproperty, expand);
        if (georel.equals("near") || georel.startsWith("near;")) {
            return near(georel, reference, property);
        }
        for (Relation relation : Relation.values()) {
            if (relation.term().equals(georel)) {
                return new GeoQuery(relation, reference, property, 0);
            }
        }
        throw NgsiLdException.badRequest(
                "georel: allowed are near;maxDistance==N, near;minDistance==N, within, contains, intersects, equals, disjoint, overlaps");
    }

    /**
     * Builds the geometry that a type and coordinates describe.
     *
     * @param typeParameter the parameter that holds the type, for errors; so {@code coordinatesParameter}
     * @throws NgsiLdException BadRequestData
     */
    public static Geometry geometry(String typeParameter, String type, String coordinatesParameter, Value coordinates) {
        if (!GEOMETRIES.contains(type)) {
            throw NgsiLdException.badRequest(typeParameter
                    + ": allowed are Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon");
        }
        if (!(coordinates instanceof Value.Array)) {
            throw NgsiLdException.badRequest(coordinatesParameter + ": expected a JSON array, such as [8,40]");
        }
        try {
            return Geometry.of(new Value.Obj(Map.of("type", Value.of(type), "coordinates", coordinates)));
        } catch (NgsiLdException e) {
            throw NgsiLdException.badRequest(coordinatesParameter + ": " + e.detail());
        } catch (IllegalArgumentException e) {
            throw NgsiLdException.badRequest(coordinatesParameter + ": no valid " + type);
        }
    }

    /** Reads a parameter's JSON text and names the parameter in the error. */
    static Value read(String parameter, String text, JsonText json) {
        try {
            return json.read(text);
        } catch (NgsiLdException e) {
            throw NgsiLdException.badRequest(parameter + ": expected a JSON array, such as [8,40]");
        }
    }

    private static AttributePath property(String geoproperty, UnaryOperator<String> expand) {
        TextCursor in = new TextCursor("geoproperty", geoproperty, expand, MAX_PATH);
        AttributePath path = in.path();
        if (!in.atEnd() || !path.trail().isEmpty()) {
            throw in.expected("the end");
        }
        return path;
    }

    private static GeoQuery near(String georel, Geometry reference, AttributePath property) {
        for (Relation relation : new Relation[] {Relation.NEAR_MAX, Relation.NEAR_MIN}) {
            String prefix = relation == Relation.NEAR_MAX ? "near;maxDistance==" : "near;minDistance==";
            if (georel.startsWith(prefix)) {
                return new GeoQuery(relation, reference, property, distance(georel.substring(prefix.length())));
            }
        }
        throw NgsiLdException.badRequest("georel: near needs maxDistance==N or minDistance==N, with N in metres");
    }

    private static double distance(String text) {
        double metres = Double.NaN;
        if (text.length() <= 32 && text.chars().allMatch(c -> (c >= '0' && c <= '9') || ".eE+-".indexOf(c) >= 0)) {
            try {
                metres = Double.parseDouble(text);
            } catch (NumberFormatException e) {
                metres = Double.NaN;
            }
        }
        if (!(metres > 0 && Double.isFinite(metres))) {
            throw NgsiLdException.badRequest("georel: the distance is a number of metres greater than 0");
        }
        return metres;
    }
}
