package de.freiraum.query;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Geometry;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;
import org.locationtech.jts.geom.GeometryCollection;
import org.locationtech.jts.geom.prep.PreparedGeometry;
import org.locationtech.jts.geom.prep.PreparedGeometryFactory;

/**
 * A condition on where an entity is (clause 4.10). Read by {@link GeoQueryParser}. Immutable, safe for any thread. If the GeoProperty has
 * several instances, one that meets the condition is enough.
 */
public final class GeoQuery {
    /** The relations of clause 4.10, named as {@code georel} names them; {@code near} comes in two. */
    public enum Relation {
        /** Within a distance, {@code near;maxDistance==…}. */
        NEAR_MAX("near"),
        /** Beyond a distance, {@code near;minDistance==…}. */
        NEAR_MIN("near"),
        WITHIN("within"),
        CONTAINS("contains"),
        INTERSECTS("intersects"),
        EQUALS("equals"),
        DISJOINT("disjoint"),
        OVERLAPS("overlaps");

        private final String term;

        Relation(String term) {
            this.term = term;
        }

        /** The name in {@code georel}. */
        public String term() {
            return term;
        }
    }

    private final Relation relation;
    private final Geometry reference;
    private final AttributePath property;
    private final double distance;
    private final PreparedGeometry prepared;
    private final List<Envelope> boxes;

    /**
     * A condition.
     *
     * @param relation how the target geometry lies to the reference geometry
     * @param reference the reference geometry
     * @param property where the target GeoProperty is
     * @param distance in metres, greater than 0, for the two kinds of near; otherwise 0
     */
    public GeoQuery(Relation relation, Geometry reference, AttributePath property, double distance) {
        boolean near = relation == Relation.NEAR_MAX || relation == Relation.NEAR_MIN;
        if (near != (distance > 0)) {
            throw new IllegalArgumentException("a distance belongs to near");
        }
        this.relation = relation;
        this.reference = reference;
        this.property = property;
        this.distance = distance;
        this.prepared = PreparedGeometryFactory.prepare(reference.shape());
        this.boxes = boxes(relation, reference.shape(), distance);
    }

    /** How the target geometry shall lie to the reference geometry. */
    public Relation relation() {
        return relation;
    }

    /** The reference geometry. */
    public Geometry reference() {
        return reference;
    }

    /** Where the target GeoProperty is; usually {@code location}. */
    public AttributePath property() {
        return property;
    }

    /** The distance of the two kinds of near in metres, otherwise 0. */
    public double distance() {
        return distance;
    }

    /**
     * Boxes of longitude (x, -180 to 180) and latitude (y), one of which the target's own box must meet; two where the search crosses the
     * antimeridian. Empty if the target may be anywhere. What a store looks up in its spatial index before it calls {@link #matches}.
     */
    public List<Envelope> searchBoxes() {
        return boxes;
    }

    /** Whether an instance of the entity's GeoProperty meets the condition. An entity without it does not. */
    public boolean matches(Entity entity) {
        return property.visit(entity, new Finder());
    }

    /** Whether a geometry meets the condition. */
    public boolean matches(Geometry target) {
        org.locationtech.jts.geom.Geometry shape = target.shape();
        if (!boxes.isEmpty() && !meetsBox(shape.getEnvelopeInternal())) {
            return false;
        }
        return switch (relation) {
            case NEAR_MAX -> Distances.between(shape, reference.shape()) <= distance;
            case NEAR_MIN -> Distances.between(shape, reference.shape()) > distance;
            case DISJOINT -> parts(shape, prepared::disjoint, true);
            case INTERSECTS -> !parts(shape, prepared::disjoint, true);
            case WITHIN -> parts(shape, prepared::contains, true);
            case CONTAINS -> parts(shape, prepared::within, false);
            case OVERLAPS -> parts(shape, prepared::overlaps, false);
            case EQUALS ->
                target.equals(reference)
                        || (!(shape instanceof GeometryCollection c && isMixed(c))
                                && shape.equalsTopo(reference.shape()));
        };
    }

    /** Whether all or one of the parts meet a predicate; only collections of several kinds, which JTS does not take, are taken apart. */
    private static boolean parts(
            org.locationtech.jts.geom.Geometry shape,
            java.util.function.Predicate<org.locationtech.jts.geom.Geometry> test,
            boolean all) {
        if (!isMixed(shape)) {
            return test.test(shape);
        }
        for (int i = 0; i < shape.getNumGeometries(); i++) {
            if (parts(shape.getGeometryN(i), test, all) != all) {
                return !all;
            }
        }
        return all && !shape.isEmpty();
    }

    private static boolean isMixed(org.locationtech.jts.geom.Geometry shape) {
        return shape.getClass() == GeometryCollection.class;
    }

    private boolean meetsBox(Envelope box) {
        for (int i = 0; i < boxes.size(); i++) {
            if (boxes.get(i).intersects(box)) {
                return true;
            }
        }
        return false;
    }

    private static List<Envelope> boxes(Relation relation, org.locationtech.jts.geom.Geometry shape, double distance) {
        if (relation == Relation.NEAR_MIN || relation == Relation.DISJOINT) {
            return List.of();
        }
        if (relation != Relation.NEAR_MAX) {
            return List.of(shape.getEnvelopeInternal());
        }
        Envelope box = Distances.around(shape.getEnvelopeInternal(), distance);
        if (box.getMinX() < -180) {
            return List.of(
                    new Envelope(-180, box.getMaxX(), box.getMinY(), box.getMaxY()),
                    new Envelope(box.getMinX() + 360, 180, box.getMinY(), box.getMaxY()));
        }
        if (box.getMaxX() > 180) {
            return List.of(
                    new Envelope(box.getMinX(), 180, box.getMinY(), box.getMaxY()),
                    new Envelope(-180, box.getMaxX() - 360, box.getMinY(), box.getMaxY()));
        }
        return List.of(box);
    }

    private final class Finder implements AttributePath.Visitor {
        @Override
        public boolean attribute(Attribute instance) {
            return instance instanceof Attribute.GeoProperty g && matches(g.value());
        }

        @Override
        public boolean text(String text) {
            return false;
        }

        @Override
        public boolean texts(List<String> texts) {
            return false;
        }

        @Override
        public boolean time(Instant time) {
            return false;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof GeoQuery q
                && q.relation == relation
                && q.distance == distance
                && q.reference.equals(reference)
                && q.property.equals(property);
    }

    @Override
    public int hashCode() {
        return Objects.hash(relation, reference, property, distance);
    }

    @Override
    public String toString() {
        return "GeoQuery[" + relation + " " + distance + " " + reference + " " + property + "]";
    }
}
