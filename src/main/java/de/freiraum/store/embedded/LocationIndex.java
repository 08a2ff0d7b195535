package de.freiraum.store.embedded;

import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.query.EntityQuery;
import de.freiraum.store.embedded.CommittedEntities.Slot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Envelope;

/**
 * The entities by their {@code location}, in cells of a hundredth of a degree, which is about a kilometre: a city has some hundred of them. An
 * entity is in all cells that its box meets, or among the large ones if these are too many.
 */
final class LocationIndex implements EntityIndex {
    private static final double CELLS_PER_DEGREE = 100;
    private static final long COLUMNS = Math.round(360 * CELLS_PER_DEGREE) + 2;
    private static final int MOST_CELLS_OF_ENTITY = 16;
    private static final int MOST_CELLS_OF_QUERY = 4096;
    /** Stands for no cell: the entity is among the large ones. */
    private static final long LARGE = -1;

    private final ConcurrentMap<Long, Set<Slot>> cells = new ConcurrentHashMap<>();

    @Override
    public void add(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        if (sameLocation(before, after)) {
            return;
        }
        add(slot, cellsOf(after));
    }

    @Override
    public void load(Slot slot, StoredEntity stored) {
        add(slot, cellsOf(stored.boxes()));
    }

    private void add(Slot slot, Set<Long> into) {
        for (long cell : into) {
            cells.compute(cell, (c, slots) -> {
                Set<Slot> all = slots == null ? ConcurrentHashMap.newKeySet(4) : slots;
                all.add(slot);
                return all;
            });
        }
    }

    @Override
    public void settle(Slot slot, @Nullable Entity before, @Nullable Entity after) {
        if (before == null || sameLocation(before, after)) {
            return;
        }
        Set<Long> kept = cellsOf(after);
        for (long cell : cellsOf(before)) {
            if (!kept.contains(cell)) {
                cells.computeIfPresent(cell, (c, slots) -> {
                    slots.remove(slot);
                    return slots.isEmpty() ? null : slots;
                });
            }
        }
    }

    /** Most changes keep the very instances of the location. */
    @SuppressWarnings("ReferenceEquality") // a quick look; equal but different lists are only indexed again
    private static boolean sameLocation(@Nullable Entity before, @Nullable Entity after) {
        return before != null && after != null && before.attribute(NgsiLd.LOCATION) == after.attribute(NgsiLd.LOCATION);
    }

    private static Set<Long> cellsOf(@Nullable Entity entity) {
        return entity == null ? Set.of() : cellsOf(StoredEntity.boxes(entity));
    }

    private static Set<Long> cellsOf(List<Envelope> boxes) {
        if (boxes.isEmpty()) {
            return Set.of();
        }
        Set<Long> found = new HashSet<>();
        for (Envelope box : boxes) {
            if (box.isNull() || count(box) > MOST_CELLS_OF_ENTITY) {
                found.add(LARGE);
            } else {
                collect(box, found);
            }
        }
        return found;
    }

    @Override
    public @Nullable Narrowed candidates(EntityQuery query, long fewerThan) {
        List<Envelope> boxes = query.searchBoxes();
        if (query.geo() == null
                || boxes.isEmpty()
                || !NgsiLd.LOCATION.equals(query.geo().property().simpleAttribute())) {
            return null;
        }
        double wanted = 0;
        for (Envelope box : boxes) {
            wanted += count(box);
        }
        if (wanted > MOST_CELLS_OF_QUERY) {
            return null;
        }
        Set<Long> met = new HashSet<>();
        met.add(LARGE);
        boxes.forEach(box -> collect(box, met));
        List<Collection<Slot>> found = new ArrayList<>();
        long total = 0;
        for (long cell : met) {
            Set<Slot> slots = cells.get(cell);
            if (slots != null) {
                found.add(slots);
                total += slots.size();
            }
        }
        // Sorting costs more than looking at candidates that are sorted already.
        if (4 * total > fewerThan) {
            return null;
        }
        Iterator<Slot> slots = found.stream()
                .flatMap(Collection::stream)
                .distinct()
                .sorted(Comparator.comparing((Slot slot) -> slot.id))
                .iterator();
        return new Narrowed(total, slots);
    }

    private static double count(Envelope box) {
        if (box.isNull()) {
            return 0;
        }
        return (double) (column(box.getMaxX()) - column(box.getMinX()) + 1)
                * (row(box.getMaxY()) - row(box.getMinY()) + 1);
    }

    private static void collect(Envelope box, Set<Long> found) {
        if (box.isNull()) {
            return;
        }
        for (long row = row(box.getMinY()); row <= row(box.getMaxY()); row++) {
            for (long column = column(box.getMinX()); column <= column(box.getMaxX()); column++) {
                found.add(row * COLUMNS + column);
            }
        }
    }

    private static long column(double longitude) {
        return (long) Math.floor((Math.max(-180, Math.min(180, longitude)) + 180) * CELLS_PER_DEGREE);
    }

    private static long row(double latitude) {
        return (long) Math.floor((Math.max(-90, Math.min(90, latitude)) + 90) * CELLS_PER_DEGREE);
    }
}
