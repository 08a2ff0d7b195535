package de.freiraum.formats.datex;

import de.freiraum.catalog.City;
import de.freiraum.formats.Parking.Found;
import de.freiraum.formats.ParkingFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.locationtech.jts.geom.Point;

/**
 * The parking publications of DATEX II 3.4: the table says which sites and spaces there are, the status what is free. A space whose state is not known
 * is in the table alone, since its status has to be either occupied or not.
 */
final class ParkingPublications {
    private static final List<String> STEADY =
            List.of("name", "location", "totalSpotNumber", "category", "layout", "refParkingSite");

    private final String publisher;
    private final List<Found> sites;
    private final List<Found> spaces;

    /** Of those sites and spaces, of which there is at least one. */
    ParkingPublications(String publisher, List<Found> sites, List<Found> spaces) {
        this.publisher = publisher;
        this.sites = sites;
        this.spaces = spaces;
    }

    /** The ParkingTablePublication: one table for each city. */
    byte[] table() {
        Map<City, List<Found>> byCity = new LinkedHashMap<>();
        sites.forEach(site ->
                byCity.computeIfAbsent(site.city(), c -> new ArrayList<>()).add(site));
        spaces.forEach(space ->
                byCity.computeIfAbsent(space.city(), c -> new ArrayList<>()).add(space));
        Payload payload = new Payload("prk:ParkingTablePublication", written(byCity.values()), publisher);
        byCity.forEach((city, objects) -> {
            Instant written = written(List.of(objects));
            payload.open("prk:parkingTable")
                    .attribute("id", city.id())
                    .attribute("version", version(written))
                    .words("prk:name", city.name())
                    .time("prk:versionTime", written);
            Set<String> known = new LinkedHashSet<>();
            objects.forEach(object -> known.add(object.facts().id()));
            objects.forEach(object -> object(payload, object.facts(), known));
            payload.close();
        });
        return payload.end();
    }

    private static void object(Payload payload, ParkingFacts facts, Set<String> known) {
        boolean space = facts.is("ParkingSpot");
        List<String> categories = facts.texts("category");
        Point point =
                Objects.requireNonNull(facts.location(), "it was asked for").anchor();
        payload.open("prk:hierarchyElementGeneral")
                .attribute("xsi:type", space ? "prk:Space" : "prk:Place")
                .attribute("id", facts.id())
                .attribute("version", version(facts.lastWritten(STEADY)))
                .words("fac:name", facts.text("name"))
                .text("fac:accessibility", categories.contains("forDisabled") ? "disabilityAccessible" : null)
                .open("fac:locationReference")
                .attribute("xsi:type", "loc:PointLocation")
                .open("loc:pointByCoordinates")
                .open("loc:pointCoordinates")
                .text("loc:latitude", Double.toString(point.getY()))
                .text("loc:longitude", Double.toString(point.getX()))
                .close()
                .close()
                .close()
                .text("prk:layer", space ? "1" : "0")
                .text("prk:type", space ? "space" : "place");
        String site = facts.object("refParkingSite");
        if (space && site != null && known.contains(site)) {
            payload.open("prk:parentId");
            reference(payload, site).close();
        }
        Long capacity = facts.count("totalSpotNumber");
        if (!space && capacity != null) {
            payload.open("prk:supply")
                    .number("prk:quantity", capacity)
                    .text("prk:viewType", "spaceView")
                    .close();
        }
        if (!space) {
            payload.text("prk:layout", isBuilding(categories, facts.texts("layout")) ? "building" : null);
        }
        payload.close();
    }

    /** The ParkingStatusPublication. */
    byte[] status() {
        Payload payload = new Payload("prk:ParkingStatusPublication", observed(), publisher);
        sites.forEach(site -> site(payload, site.facts()));
        spaces.forEach(space -> space(payload, space.facts()));
        return payload.end();
    }

    private static void site(Payload payload, ParkingFacts facts) {
        Long free = facts.count("availableSpotNumber");
        Long total = facts.count("totalSpotNumber");
        payload.open("prk:parkingStatusInformation").attribute("xsi:type", "prk:PlaceStatus");
        reference(payload.open("fac:reference"), facts.id()).close();
        payload.time("fac:lastUpdated", facts.observedAt("availableSpotNumber"))
                .text("fac:openingStatus", opening(facts.texts("status")))
                .open("prk:occupancy")
                .number("prk:numberOfSpacesOverride", total)
                .number("prk:numberOfVacantSpaces", free)
                .number("prk:numberOfOccupiedSpaces", facts.count("occupiedSpotNumber"))
                .close()
                .text("prk:status", free == null ? "unknown" : free == 0 ? "full" : "spacesAvailable")
                .close();
    }

    private static void space(Payload payload, ParkingFacts facts) {
        String status = facts.text("status");
        if (status == null || !(status.equals("free") || status.equals("occupied"))) {
            return;
        }
        payload.open("prk:parkingStatusInformation").attribute("xsi:type", "prk:SpaceStatus");
        reference(payload.open("fac:reference"), facts.id()).close();
        payload.time("fac:lastUpdated", facts.observedAt("status"))
                .text("prk:occupied", Boolean.toString(status.equals("occupied")))
                .close();
    }

    private static Payload reference(Payload payload, String id) {
        return payload.attribute("targetClass", "fac:FacilityObject").attribute("id", id);
    }

    private static String opening(List<String> status) {
        return status.contains("open") ? "open" : status.contains("closed") ? "closed" : "statusUnknown";
    }

    static boolean isBuilding(List<String> categories, List<String> layout) {
        return categories.contains("underground")
                || layout.contains("underground")
                || layout.contains("multiStorey")
                || layout.contains("multiLevel")
                || layout.contains("automatedParkingGarage");
    }

    private static String version(Instant written) {
        return Long.toString(written.getEpochSecond());
    }

    private static Instant written(Iterable<List<Found>> some) {
        Instant last = Instant.EPOCH;
        for (List<Found> objects : some) {
            for (Found object : objects) {
                Instant at = object.facts().lastWritten(STEADY);
                last = at.isAfter(last) ? at : last;
            }
        }
        return last;
    }

    /** When the newest value was observed; not the present time, which would make every answer another one for caches. */
    private Instant observed() {
        Instant last = Instant.EPOCH;
        for (List<Found> objects : List.of(sites, spaces)) {
            for (Found object : objects) {
                ParkingFacts facts = object.facts();
                Instant at = facts.observedAt(facts.is("ParkingSpot") ? "status" : "availableSpotNumber");
                last = at != null && at.isAfter(last) ? at : last;
            }
        }
        return last.equals(Instant.EPOCH) ? written(List.of(sites, spaces)) : last;
    }
}
