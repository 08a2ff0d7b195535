package de.freiraum.formats.parkapi;

import de.freiraum.formats.Parking.Found;
import de.freiraum.formats.ParkingFacts;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.Geometry;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Point;

/** Sites and spots as ParkAPI 3 has them. What is not known is left out. */
final class ParkApiWriter {
    private static final List<String> DESCRIBING =
            List.of("name", "location", "category", "address", "layout", "openingHours");
    private static final int LONGEST_NAME = 256;
    private static final int CENTIMETRES = 100;

    /** For whom a spot of that category is kept. */
    private static final Map<String, String> AUDIENCES = Map.ofEntries(
            Map.entry("forDisabled", "DISABLED"),
            Map.entry("forElectricalCharging", "CHARGING"),
            Map.entry("forFamilies", "FAMILY"),
            Map.entry("forWomen", "WOMEN"),
            Map.entry("forResidents", "RESIDENT"),
            Map.entry("onlyResidents", "RESIDENT"),
            Map.entry("forLoadUnload", "DELIVERY"),
            Map.entry("onlyForCustomers", "CUSTOMER"));

    private final JsonWriter json;

    ParkApiWriter(JsonWriter json) {
        this.json = json;
    }

    void site(Found found) {
        ParkingFacts facts = found.facts();
        List<String> categories = facts.texts("category");
        begin(found, "availableSpotNumber");
        json.member("name", name(facts)).member("type", typeOfSite(facts, categories));
        json.member("capacity", Objects.requireNonNullElse(facts.count("totalSpotNumber"), 0L));
        optional("address", facts.address());
        optional("opening_hours", facts.text("openingHours"));
        Double height = facts.number("maximumAllowedHeight");
        if (height != null && height > 0) {
            json.member("max_height", Math.round(height * CENTIMETRES));
        }
        if (categories.contains("parkAndRide")) {
            json.name("park_and_ride_type").texts(List.of("YES"));
        }
        if (categories.contains("free") || categories.contains("feeCharged")) {
            json.name("has_fee").bool(categories.contains("feeCharged"));
        }
        Long free = facts.count("availableSpotNumber");
        if (free != null) {
            json.member("realtime_free_capacity", free).member("realtime_opening_status", opening(facts));
        }
        json.endObject();
    }

    void spot(Found found) {
        ParkingFacts facts = found.facts();
        List<String> categories = facts.texts("category");
        begin(found, "status");
        optional("name", name(facts));
        optional(
                "type",
                categories.contains("onStreet")
                        ? "ON_STREET"
                        : categories.contains("offStreet") ? "OFF_STREET_PARKING_GROUND" : null);
        optional("parking_site_uid", site(facts));
        List<String> audiences = categories.stream()
                .map(AUDIENCES::get)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (!audiences.isEmpty()) {
            json.name("restricted_to").beginArray();
            audiences.forEach(
                    audience -> json.beginObject().member("type", audience).endObject());
            json.endArray();
        }
        json.member("realtime_status", status(facts.text("status"))).endObject();
    }

    /** What sites and spots have in common. */
    private void begin(Found found, String measured) {
        ParkingFacts facts = found.facts();
        json.beginObject()
                .member("uid", facts.id())
                .member("source_uid", found.city().id())
                .member("purpose", "CAR");
        place(Objects.requireNonNull(facts.location(), "it was asked for"));
        json.name("static_data_updated_at").time(seconds(facts.lastWritten(DESCRIBING)));
        Instant observed = facts.observedAt(measured);
        json.name("has_realtime_data").bool(observed != null);
        if (observed != null) {
            json.name("realtime_data_updated_at").time(seconds(observed));
        }
    }

    private void place(Geometry location) {
        Point point = location.anchor();
        json.name("lat").number(point.getY()).name("lon").number(point.getX());
        if (!(location.shape() instanceof Point)) {
            json.member("geojson", location.geoJson());
        }
    }

    private void optional(String name, @Nullable String text) {
        if (text != null) {
            json.member(name, text);
        }
    }

    private static String name(ParkingFacts facts) {
        String name = Objects.requireNonNullElse(facts.text("name"), facts.id());
        return name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME);
    }

    private static @Nullable String site(ParkingFacts facts) {
        String site = facts.object("refParkingSite");
        return site != null ? site : facts.object("refOffStreetParking");
    }

    private static String typeOfSite(ParkingFacts facts, List<String> categories) {
        List<String> layout = facts.texts("layout");
        if (facts.is("OnStreetParking")) {
            return "ON_STREET";
        } else if (categories.contains("underground") || layout.contains("underground")) {
            return "UNDERGROUND";
        } else if (layout.contains("multiStorey")
                || layout.contains("multiLevel")
                || layout.contains("automatedParkingGarage")) {
            return "CAR_PARK";
        }
        return "OFF_STREET_PARKING_GROUND";
    }

    private static String opening(ParkingFacts facts) {
        for (String status : facts.texts("status")) {
            if (status.equals("open") || status.equals("closed")) {
                return status.toUpperCase(Locale.ROOT);
            }
        }
        return "UNKNOWN";
    }

    private static String status(@Nullable String status) {
        return "free".equals(status) ? "AVAILABLE" : "occupied".equals(status) ? "TAKEN" : "UNKNOWN";
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
