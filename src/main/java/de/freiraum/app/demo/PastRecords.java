package de.freiraum.app.demo;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What an earlier system kept of simulated cities: the hours of the counters and how full the places were. A real city takes such records over through the
 * temporal interface, too.
 */
public final class PastRecords {
    private static final ZoneId ZONE = ZoneId.of("Europe/Berlin");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration PART = Duration.ofMinutes(30);

    /**
     * The evolution of an entity as the temporal interface takes it.
     *
     * @param city the tenant
     * @param body an EntityTemporal in JSON-LD
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    public record Evolution(String city, byte[] body) {}

    private final CityLife life;
    private final Instant from;
    private final Instant to;
    private final Map<DemoDevice, Map<Instant, CityLife.People>> hours = new LinkedHashMap<>();
    private final Map<DemoDevice, Map<Instant, Double>> places = new LinkedHashMap<>();

    /** Lets cities live from one full hour to another, and keeps records of it. */
    PastRecords(CityLife life, Instant from, Instant to) {
        this.life = life;
        this.from = from;
        this.to = to;
        for (Instant hour = from; hour.isBefore(to); hour = hour.plus(HOUR)) {
            for (CityLife.People people : life.people(hour, hour.plus(HOUR))) {
                hours.computeIfAbsent(people.counter(), key -> new TreeMap<>()).put(hour, people);
            }
        }
        parking(from, to);
    }

    /** Goes on with how full the places are, and gives the messages of their bays. */
    List<CityLife.Uplink> parking(Instant begin, Instant end) {
        List<CityLife.Uplink> uplinks = new ArrayList<>();
        for (Instant at = begin; at.isBefore(end); at = at.plus(PART)) {
            Instant time = at;
            Instant next = at.plus(PART);
            uplinks.addAll(life.parking(at, next.isBefore(end) ? next : end, 1));
            life.occupancy().forEach((place, share) -> places.computeIfAbsent(place, key -> new TreeMap<>())
                    .put(time, share));
        }
        return uplinks;
    }

    /** The records as evolutions of entities. */
    List<Evolution> evolutions() {
        List<Evolution> evolutions = new ArrayList<>();
        hours.forEach((counter, windows) -> {
            evolutions.add(windows(counter, "PT1H", windows));
            evolutions.add(windows(counter, "P1D", days(windows)));
        });
        places.forEach((place, shares) -> evolutions.add(occupancy(place, shares)));
        return evolutions;
    }

    /** Sums of the days that are there as a whole. */
    private Map<Instant, CityLife.People> days(Map<Instant, CityLife.People> windows) {
        Map<Instant, CityLife.People> days = new TreeMap<>();
        windows.forEach((hour, people) -> {
            Instant day = hour.atZone(ZONE).truncatedTo(ChronoUnit.DAYS).toInstant();
            Instant next = day.atZone(ZONE).plusDays(1).toInstant();
            if (!day.isBefore(from) && !next.isAfter(to)) {
                days.merge(
                        day,
                        people,
                        (left, right) -> new CityLife.People(
                                left.counter(), left.towards() + right.towards(), left.away() + right.away()));
            }
        });
        return days;
    }

    private static Evolution windows(DemoDevice counter, String length, Map<Instant, CityLife.People> windows) {
        String id = "urn:ngsi-ld:CrowdFlowObserved:" + counter.city() + ':' + counter.place() + ':' + length;
        JsonWriter json = begin(id, "CrowdFlowObserved", windows.size());
        property(json, "peopleCountTowards", windows, people -> Value.of(people.towards()));
        property(json, "peopleCountAway", windows, people -> Value.of(people.away()));
        property(json, "peopleCount", windows, people -> Value.of(people.towards() + people.away()));
        property(json, "coverage", windows, people -> Value.of(1L));
        property(json, "quality", windows, people -> Value.of("measured"));
        return end(json, counter.city(), "footfall");
    }

    private static Evolution occupancy(DemoDevice place, Map<Instant, Double> shares) {
        String type = place.commuters() ? "OffStreetParking" : "OnStreetParking";
        JsonWriter json = begin("urn:ngsi-ld:" + type + ':' + place.city() + ':' + place.place(), type, shares.size());
        property(json, "occupancy", shares, share -> Value.of(Math.round(share * 10_000) / 10_000.0));
        return end(json, place.city(), "parking");
    }

    private static JsonWriter begin(String id, String type, int instances) {
        return new JsonWriter(256 + 320 * instances)
                .beginObject()
                .member("id", id)
                .member("type", type);
    }

    private static <T> void property(JsonWriter json, String name, Map<Instant, T> values, Function<T, Value> shown) {
        json.name(name).beginArray();
        values.forEach((at, value) -> json.beginObject()
                .member("type", "Property")
                .member("value", shown.apply(value))
                .name("observedAt")
                .time(at)
                .endObject());
        json.endArray();
    }

    private static Evolution end(JsonWriter json, String city, String context) {
        json.member("@context", "https://w3id.org/freiraum/context/" + context + ".jsonld");
        return new Evolution(city, json.endObject().toBytes());
    }
}
