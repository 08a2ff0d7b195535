package de.freiraum.query;

import org.locationtech.jts.geom.CoordinateSequence;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.LineString;
import org.locationtech.jts.geom.Point;
import org.locationtech.jts.geom.Polygon;

/**
 * Distances on the sphere by the haversine formula (clause 4.23.1), in metres. Coordinates are longitude and latitude in degrees; edges are
 * straight in them (RFC 7946, section 3.1.1). Shorter ways over the antimeridian and near the poles are found.
 */
public final class Distances {
    /** Mean radius of the earth (IUGG), in metres. */
    public static final double EARTH_RADIUS = 6_371_008.8;

    /** Edges up to this many degrees are flat enough for the nearest point to be found in the plane. */
    private static final double FLAT = 0.02;

    private static final int REFINEMENTS = 48;

    private Distances() {}

    /** The distance of two points. */
    public static double between(double longitude1, double latitude1, double longitude2, double latitude2) {
        double phi1 = Math.toRadians(latitude1);
        double phi2 = Math.toRadians(latitude2);
        double sinPhi = Math.sin((phi2 - phi1) / 2);
        double sinLambda = Math.sin(Math.toRadians(longitude2 - longitude1) / 2);
        double h = sinPhi * sinPhi + Math.cos(phi1) * Math.cos(phi2) * sinLambda * sinLambda;
        return 2 * EARTH_RADIUS * Math.asin(Math.min(1, Math.sqrt(h)));
    }

    /** The distance of the nearest points of two geometries; 0 where they meet, infinite where one is empty. */
    public static double between(Geometry a, Geometry b) {
        if (a instanceof Point p && b instanceof Point q && !p.isEmpty() && !q.isEmpty()) {
            return between(p.getX(), p.getY(), q.getX(), q.getY());
        }
        if (a.isEmpty() || b.isEmpty()) {
            return Double.POSITIVE_INFINITY;
        }
        if (meet(a, b)) {
            return 0;
        }
        return Math.min(fromVertices(a, b), fromVertices(b, a));
    }

    /** Collections are taken apart, because the predicates of JTS do not take them. */
    private static boolean meet(Geometry a, Geometry b) {
        if (a instanceof GeometryCollection) {
            for (int i = 0; i < a.getNumGeometries(); i++) {
                if (meet(a.getGeometryN(i), b)) {
                    return true;
                }
            }
            return false;
        }
        if (b instanceof GeometryCollection) {
            return meet(b, a);
        }
        return a.intersects(b);
    }

    /** The least distance of a vertex of one geometry from the other; with geometries that do not cross one of the two ways is the nearest. */
    private static double fromVertices(Geometry vertices, Geometry other) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < vertices.getNumGeometries(); i++) {
            Geometry part = vertices.getGeometryN(i);
            if (part instanceof Point p) {
                least = Math.min(least, toGeometry(p.getX(), p.getY(), other));
            } else if (part instanceof LineString line) {
                least = Math.min(least, fromVertices(line, other));
            } else if (part instanceof Polygon polygon) {
                least = Math.min(least, fromVertices(polygon.getExteriorRing(), other));
                for (int r = 0; r < polygon.getNumInteriorRing(); r++) {
                    least = Math.min(least, fromVertices(polygon.getInteriorRingN(r), other));
                }
            } else {
                least = Math.min(least, fromVertices(part, other));
            }
        }
        return least;
    }

    private static double fromVertices(LineString line, Geometry other) {
        CoordinateSequence positions = line.getCoordinateSequence();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < positions.size(); i++) {
            least = Math.min(least, toGeometry(positions.getX(i), positions.getY(i), other));
        }
        return least;
    }

    private static double toGeometry(double x, double y, Geometry geometry) {
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i < geometry.getNumGeometries(); i++) {
            Geometry part = geometry.getGeometryN(i);
            if (part instanceof Point p) {
                least = Math.min(least, between(x, y, p.getX(), p.getY()));
            } else if (part instanceof LineString line) {
                least = Math.min(least, toLine(x, y, line));
            } else if (part instanceof Polygon polygon) {
                least = Math.min(least, toLine(x, y, polygon.getExteriorRing()));
                for (int r = 0; r < polygon.getNumInteriorRing(); r++) {
                    least = Math.min(least, toLine(x, y, polygon.getInteriorRingN(r)));
                }
            } else {
                least = Math.min(least, toGeometry(x, y, part));
            }
        }
        return least;
    }

    private static double toLine(double x, double y, LineString line) {
        CoordinateSequence p = line.getCoordinateSequence();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 1; i < p.size(); i++) {
            least = Math.min(least, toEdge(x, y, p.getX(i - 1), p.getY(i - 1), p.getX(i), p.getY(i)));
        }
        return least;
    }

    private static double toEdge(double x, double y, double x1, double y1, double x2, double y2) {
        double scale = Math.cos(Math.toRadians(y));
        double dx = (x2 - x1) * scale;
        double dy = y2 - y1;
        double px = Math.IEEEremainder(x - x1, 360) * scale;
        double py = y - y1;
        double squared = dx * dx + dy * dy;
        double t = squared == 0 ? 0 : Math.max(0, Math.min(1, (px * dx + py * dy) / squared));
        if (Math.abs(x2 - x1) <= FLAT && Math.abs(dy) <= FLAT && Math.abs(y) < 85) {
            return between(x, y, x1 + t * (x2 - x1), y1 + t * dy);
        }
        return refined(x, y, x1, y1, x2, y2);
    }

    /** Long edges: the best of a few samples, then narrowed down around it. */
    private static double refined(double x, double y, double x1, double y1, double x2, double y2) {
        int samples = 16;
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= samples; i++) {
            double t = (double) i / samples;
            double d = between(x, y, x1 + t * (x2 - x1), y1 + t * (y2 - y1));
            if (d < least) {
                least = d;
                best = i;
            }
        }
        double low = Math.max(0, best - 1) / (double) samples;
        double high = Math.min(samples, best + 1) / (double) samples;
        for (int i = 0; i < REFINEMENTS; i++) {
            double a = low + (high - low) / 3;
            double b = high - (high - low) / 3;
            double da = between(x, y, x1 + a * (x2 - x1), y1 + a * (y2 - y1));
            double db = between(x, y, x1 + b * (x2 - x1), y1 + b * (y2 - y1));
            if (da < db) {
                high = b;
            } else {
                low = a;
            }
            least = Math.min(least, Math.min(da, db));
        }
        return least;
    }

    /**
     * A box that holds every point within a distance of another box, in degrees. It may reach beyond longitude 180 or -180; it is the whole
     * range of longitudes where the distance reaches a pole.
     */
    static Envelope around(Envelope box, double metres) {
        double dy = Math.toDegrees(metres / EARTH_RADIUS) * (1 + 1e-9) + 1e-9;
        double south = box.getMinY() - dy;
        double north = box.getMaxY() + dy;
        if (south <= -90 || north >= 90) {
            return new Envelope(-180, 180, Math.max(south, -90), Math.min(north, 90));
        }
        double latitude = Math.toRadians(Math.max(Math.abs(box.getMinY()), Math.abs(box.getMaxY())));
        double sine = Math.sin(metres / EARTH_RADIUS) / Math.cos(latitude);
        double dx = sine >= 1 ? 360 : Math.toDegrees(Math.asin(sine)) * (1 + 1e-9) + 1e-9;
        double west = box.getMinX() - dx;
        double east = box.getMaxX() + dx;
        return east - west >= 360 ? new Envelope(-180, 180, south, north) : new Envelope(west, east, south, north);
    }
}
