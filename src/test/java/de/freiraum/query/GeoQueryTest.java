package de.freiraum.query;

import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.model.Geometry;
import de.freiraum.model.Value;
import de.freiraum.query.GeoQuery.Relation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.locationtech.jts.geom.Envelope;

class GeoQueryTest {
    private static final AttributePath LOCATION = AttributePath.of("https://uri.etsi.org/ngsi-ld/location");

    private static Geometry geometry(String json) {
        return Geometry.of(Cases.JSON.read(json));
    }

    private static final Geometry SQUARE =
            geometry("{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[10,0],[10,10],[0,10],[0,0]]]}");
    private static final Geometry INNER =
            geometry("{\"type\":\"Polygon\",\"coordinates\":[[[2,2],[4,2],[4,4],[2,4],[2,2]]]}");
    private static final Geometry CORNER =
            geometry("{\"type\":\"Polygon\",\"coordinates\":[[[8,8],[12,8],[12,12],[8,12],[8,8]]]}");
    private static final Geometry AWAY =
            geometry("{\"type\":\"Polygon\",\"coordinates\":[[[50,50],[51,50],[51,51],[50,51],[50,50]]]}");
    private static final Geometry COLLECTION = geometry(
            "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[3,3]},{\"type\":\"Point\",\"coordinates\":[50,50]}]}");

    private static boolean holds(Relation relation, Geometry target) {
        return new GeoQuery(relation, SQUARE, LOCATION, 0).matches(target);
    }

    @Test
    void withinIsInsideTheReference() {
        assertThat(holds(Relation.WITHIN, INNER)).isTrue();
        assertThat(holds(Relation.WITHIN, SQUARE)).isTrue();
        assertThat(holds(Relation.WITHIN, CORNER)).isFalse();
        assertThat(holds(Relation.WITHIN, Geometry.point(0, 5)))
                .as("on the edge")
                .isFalse();
        assertThat(holds(Relation.WITHIN, COLLECTION)).isFalse();
    }

    @Test
    void containsHoldsTheReferenceInside() {
        assertThat(new GeoQuery(Relation.CONTAINS, INNER, LOCATION, 0).matches(SQUARE))
                .isTrue();
        assertThat(holds(Relation.CONTAINS, INNER)).isFalse();
    }

    @Test
    void overlapsShareAPartButNotAll() {
        assertThat(holds(Relation.OVERLAPS, CORNER)).isTrue();
        assertThat(holds(Relation.OVERLAPS, INNER)).isFalse();
        assertThat(holds(Relation.OVERLAPS, SQUARE)).isFalse();
    }

    @Test
    void intersectsAndDisjointExcludeEachOther() {
        for (Geometry target : List.of(SQUARE, INNER, CORNER, AWAY, COLLECTION, Geometry.point(0, 5))) {
            assertThat(holds(Relation.INTERSECTS, target)).isNotEqualTo(holds(Relation.DISJOINT, target));
        }
        assertThat(holds(Relation.DISJOINT, AWAY)).isTrue();
        assertThat(holds(Relation.INTERSECTS, COLLECTION)).isTrue();
    }

    @Test
    void equalsIgnoresWhereARingStarts() {
        assertThat(holds(
                        Relation.EQUALS,
                        geometry("{\"type\":\"Polygon\",\"coordinates\":[[[10,0],[10,10],[0,10],[0,0],[10,0]]]}")))
                .isTrue();
        assertThat(holds(Relation.EQUALS, INNER)).isFalse();
        assertThat(holds(Relation.EQUALS, COLLECTION)).isFalse();
    }

    @Test
    void nearReachesOverTheAntimeridian() {
        GeoQuery near = new GeoQuery(Relation.NEAR_MAX, Geometry.point(179.99, 0), LOCATION, 5000);
        assertThat(near.searchBoxes()).hasSize(2);
        assertThat(near.matches(Geometry.point(-179.99, 0))).isTrue();
        assertThat(near.matches(Geometry.point(-179.9, 0))).isFalse();
    }

    @Test
    void nearWorksAtHighLatitudes() {
        GeoQuery near = new GeoQuery(Relation.NEAR_MAX, Geometry.point(0, 89.9), LOCATION, 25_000);
        assertThat(near.matches(Geometry.point(180, 89.9)))
                .as("over the pole, 22 km")
                .isTrue();
        GeoQuery svalbard = new GeoQuery(Relation.NEAR_MAX, Geometry.point(15, 78), LOCATION, 24_000);
        assertThat(svalbard.matches(Geometry.point(16, 78)))
                .as("a degree, 23 km")
                .isTrue();
        assertThat(svalbard.matches(Geometry.point(16.1, 78))).isFalse();
    }

    @Test
    void everyMatchMeetsASearchBox() {
        GeoQuery near = new GeoQuery(Relation.NEAR_MAX, Geometry.point(7.5, 51.5), LOCATION, 10_000);
        Envelope box = near.searchBoxes().get(0);
        assertThat(box.covers(7.5, 51.5)).isTrue();
        assertThat(box.getWidth()).isBetween(0.28, 0.30);
        assertThat(new GeoQuery(Relation.DISJOINT, SQUARE, LOCATION, 0).searchBoxes())
                .isEmpty();
        assertThat(new GeoQuery(Relation.NEAR_MIN, SQUARE, LOCATION, 1).searchBoxes())
                .isEmpty();
    }

    @Test
    void noParameterMeansNoGeoquery() {
        assertThat(GeoQueryParser.parse(null, null, null, "location", Cases.JSON, Cases.EXPAND))
                .isNull();
    }

    @Test
    void coordinatesMayComeAsAValue() {
        GeoQuery geo = GeoQueryParser.parse(
                "near;maxDistance==10",
                "Point",
                new Value.Array(List.of(Value.of(8L), Value.of(40L))),
                null,
                Cases.EXPAND);
        assertThat(geo)
                .isEqualTo(new GeoQuery(
                        Relation.NEAR_MAX, geometry("{\"type\":\"Point\",\"coordinates\":[8,40]}"), LOCATION, 10));
    }
}
