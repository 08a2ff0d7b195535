package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.Geometry;
import org.locationtech.jts.io.ParseException;
import org.locationtech.jts.io.WKTReader;

class DistancesTest {
    /** The length of a degree of latitude on the sphere, in metres. */
    private static final double DEGREE = Math.PI / 180 * Distances.EARTH_RADIUS;

    /** Lengths on the WGS84 ellipsoid by Vincenty's formula, from which the sphere differs by up to 0.6 %. */
    @ParameterizedTest(name = "{0} km from {1},{2} to {3},{4}")
    @CsvSource({
        // Dortmund, Reinoldikirche to Schwerte, Rathaus
        "10.194, 7.4686, 51.5149, 7.5657, 51.4462",
        // Berlin to Munich
        "504.69, 13.4050, 52.5200, 11.5820, 48.1351",
        // Paris to New York
        "5852.94, 2.3522, 48.8566, -74.0060, 40.7128",
        // Suva to Apia, over the antimeridian
        "1151.05, 178.4419, -18.1416, -171.7667, -13.8333",
        // Longyearbyen to Alert, far north
        "1401.08, 15.6356, 78.2232, -62.3481, 82.5018",
        // pole to pole
        "20003.93, 0, 90, 0, -90",
        "0, 8, 40, 8, 40",
    })
    void pointsAreTheKnownDistanceApart(double km, double x1, double y1, double x2, double y2) {
        double tolerance = Math.max(1e-6, km * 0.006);
        assertThat(Distances.between(x1, y1, x2, y2) / 1000).isCloseTo(km, within(tolerance));
        assertThat(Distances.between(x2, y2, x1, y1) / 1000).isCloseTo(km, within(tolerance));
    }

    @ParameterizedTest(name = "a degree of longitude at latitude {0}")
    @CsvSource({"0, 1", "60, 0.5", "-60, 0.5", "80, 0.17365"})
    void aDegreeOfLongitudeShrinksWithLatitude(double latitude, double ratio) {
        assertThat(Distances.between(10, latitude, 11, latitude) / DEGREE).isCloseTo(ratio, within(1e-4));
    }

    @ParameterizedTest(name = "{0} and {1}")
    @CsvSource(
            delimiter = ';',
            value = {
                "POINT (0 1); LINESTRING (-10 0, 10 0); 1",
                "POINT (11 0); LINESTRING (-10 0, 10 0); 1",
                "POINT (179.5 0); LINESTRING (-179.5 -1, -179.5 1); 1",
                "POINT (0 61); LINESTRING (-0.001 60, 0.001 60); 1",
                "POINT (1 0); POLYGON ((-1 -1, 2 -1, 2 1, -1 1, -1 -1)); 0",
                "POINT (0 0); POLYGON ((-9 -9, 9 -9, 9 9, -9 9, -9 -9), (-2 -2, 2 -2, 2 2, -2 2, -2 -2)); 1.9988",
                "LINESTRING (0 0, 2 2); LINESTRING (0 2, 2 0); 0",
                "LINESTRING (0 0, 0 5); LINESTRING (3 -9, 3 9); 2.98866",
                "MULTIPOINT ((50 50), (0 3)); POINT (0 1); 2",
                "GEOMETRYCOLLECTION (POINT (50 50), LINESTRING (-1 3, 1 3)); POINT (0 1); 2",
            })
    void geometriesAreAsFarApartAsTheirNearestPoints(String a, String b, double degrees) {
        assertThat(Distances.between(shape(a), shape(b)) / DEGREE).isCloseTo(degrees, within(2e-3));
        assertThat(Distances.between(shape(b), shape(a)) / DEGREE).isCloseTo(degrees, within(2e-3));
    }

    @Test
    void theBoxAroundAPointHoldsEveryPointAtThatDistance() {
        Envelope box = Distances.around(new Envelope(10, 10, 70, 70), 100_000);
        double angle = 100_000 / Distances.EARTH_RADIUS;
        for (int bearing = 0; bearing < 360; bearing += 5) {
            double b = Math.toRadians(bearing);
            double phi = Math.toRadians(70);
            double y = Math.asin(Math.sin(phi) * Math.cos(angle) + Math.cos(phi) * Math.sin(angle) * Math.cos(b));
            double x = Math.toRadians(10)
                    + Math.atan2(
                            Math.sin(b) * Math.sin(angle) * Math.cos(phi),
                            Math.cos(angle) - Math.sin(phi) * Math.sin(y));
            assertThat(box.covers(Math.toDegrees(x), Math.toDegrees(y)))
                    .as("bearing " + bearing)
                    .isTrue();
        }
    }

    @Test
    void theBoxAroundThePoleHoldsAllLongitudes() {
        Envelope box = Distances.around(new Envelope(10, 10, 89, 89), 200_000);
        assertThat(box.getMinX()).isEqualTo(-180);
        assertThat(box.getMaxX()).isEqualTo(180);
        assertThat(box.getMaxY()).isEqualTo(90);
    }

    private static Geometry shape(String wkt) {
        try {
            return new WKTReader().read(wkt);
        } catch (ParseException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
