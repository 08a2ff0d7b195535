package de.freiraum.registration;

import de.freiraum.model.Geometry;
import de.freiraum.query.Distances;
import de.freiraum.query.GeoQuery;
import org.locationtech.jts.geom.Coordinate;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.GeometryFactory;

/** Whether a registered space may hold places that a geoquery asks for (clause 5.10.2.4). */
final class Spaces {
    private static final GeometryFactory POINTS = new GeometryFactory();

    private Spaces() {}

    /** Whether the space itself meets the query, or may contain a geometry that does. */
    static boolean mayMatch(Geometry space, GeoQuery query) {
        return query.matches(space) || containsMatch(space.shape(), query);
    }

    private static boolean containsMatch(org.locationtech.jts.geom.Geometry space, GeoQuery query) {
        org.locationtech.jts.geom.Geometry reference = query.reference().shape();
        return switch (query.relation()) {
            case NEAR_MAX -> false; // then the space itself is near
            case NEAR_MIN -> hasCornerBeyond(space, reference, query.distance());
            case WITHIN, INTERSECTS, OVERLAPS -> meets(space, reference);
            case CONTAINS, EQUALS -> meets(space, reference) && covers(space, reference);
            case DISJOINT -> !covers(reference, space);
        };
    }

    private static boolean hasCornerBeyond(
            org.locationtech.jts.geom.Geometry space, org.locationtech.jts.geom.Geometry reference, double distance) {
        for (Coordinate corner : space.getCoordinates()) {
            if (Distances.between(POINTS.createPoint(corner), reference) > distance) {
                return true;
            }
        }
        return false;
    }

    private static boolean meets(org.locationtech.jts.geom.Geometry a, org.locationtech.jts.geom.Geometry b) {
        for (int i = 0; i < a.getNumGeometries(); i++) {
            for (int j = 0; j < b.getNumGeometries(); j++) {
                boolean nested = a.getGeometryN(i) instanceof GeometryCollection
                        || b.getGeometryN(j) instanceof GeometryCollection;
                if (nested
                        ? meets(a.getGeometryN(i), b.getGeometryN(j))
                        : a.getGeometryN(i).intersects(b.getGeometryN(j))) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Collections of several kinds, which JTS does not compare, are taken for covering: the answer is "may". */
    private static boolean covers(org.locationtech.jts.geom.Geometry a, org.locationtech.jts.geom.Geometry b) {
        boolean mixed = a.getClass() == GeometryCollection.class || b.getClass() == GeometryCollection.class;
        return mixed ? a.getEnvelopeInternal().covers(b.getEnvelopeInternal()) : a.covers(b);
    }
}
