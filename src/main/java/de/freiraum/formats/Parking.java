package de.freiraum.formats;

import de.freiraum.broker.QueryOperations.PageRequest;
import de.freiraum.catalog.City;
import de.freiraum.query.EntityQuery;
import de.freiraum.query.QParser;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** The published parking of all cities, in the order of cities, types and ids. */
public final class Parking {
    /** What is looked for. */
    public enum Kind {
        /** Car parks and streets with a number of spots and a place. */
        SITES("location;totalSpotNumber"),
        /** Single spots with a place. */
        SPOTS("location");

        private final String condition;

        Kind(String condition) {
            this.condition = condition;
        }

        private List<String> types() {
            return this == SITES ? List.of("OffStreetParking", "OnStreetParking") : List.of("ParkingSpot");
        }

        private EntityQuery query(String type) {
            return EntityQuery.ofType(type).withQ(QParser.parse(condition, ParkingFacts::iri));
        }
    }

    private final Published published;

    /** The parking of what is published. */
    public Parking(Published published) {
        this.published = published;
    }

    /**
     * One of what was found.
     *
     * @param city where it is
     */
    public record Found(City city, ParkingFacts facts) {}

    /**
     * A page.
     *
     * @param total how many there are on all pages
     */
    public record Page(List<Found> found, long total) {}

    /** Those cities that have any sites or spots. */
    public Future<List<City>> cities() {
        List<City> all = published.cities();
        List<Future<Boolean>> asked = all.stream().map(this::hasAny).toList();
        return Future.all(asked).map(done -> {
            List<City> some = new ArrayList<>();
            for (int i = 0; i < all.size(); i++) {
                if (Boolean.TRUE.equals(asked.get(i).result())) {
                    some.add(all.get(i));
                }
            }
            return some;
        });
    }

    private Future<Boolean> hasAny(City city) {
        return page(Kind.SITES, List.of(city), 0, 0)
                .compose(sites -> sites.total() > 0
                        ? Future.succeededFuture(true)
                        : page(Kind.SPOTS, List.of(city), 0, 0).map(spots -> spots.total() > 0));
    }

    private record Part(City city, String type) {}

    /**
     * A page of what all, or some, cities have.
     *
     * @param cities where to look
     * @param offset how many to leave out
     * @param limit the most on the page
     */
    public Future<Page> page(Kind kind, List<City> cities, int offset, int limit) {
        List<Part> parts = new ArrayList<>();
        for (City city : cities) {
            for (String type : kind.types()) {
                if (published.isPublished(ParkingFacts.iri(type))) {
                    parts.add(new Part(city, ParkingFacts.iri(type)));
                }
            }
        }
        return collect(kind, parts.iterator(), offset, limit, new ArrayList<>(), 0);
    }

    private Future<Page> collect(
            Kind kind, Iterator<Part> parts, int offset, int limit, List<Found> found, long before) {
        if (!parts.hasNext()) {
            return Future.succeededFuture(new Page(found, before));
        }
        Part part = parts.next();
        int leaveOut = (int) Math.max(0, offset - before);
        PageRequest page = new PageRequest(leaveOut, limit - found.size(), true);
        return published.page(part.city(), kind.query(part.type()), page).compose(some -> {
            some.entities().forEach(entity -> found.add(new Found(part.city(), new ParkingFacts(entity))));
            return collect(kind, parts, offset, limit, found, before + some.count());
        });
    }
}
