package de.freiraum.formats.datex;

import de.freiraum.formats.Parking.Found;
import de.freiraum.formats.ParkingFacts;
import de.freiraum.json.JsonWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.locationtech.jts.geom.Point;

/** Sites and spaces of a light parking publication. What is not known is left out. */
final class LightWriter {
    /** The users that a category stands for. */
    private static final Map<String, String> USERS = Map.of(
            "forDisabled", "disabled",
            "forFamilies", "families",
            "forWomen", "women",
            "forResidents", "residents",
            "onlyResidents", "residents",
            "onlyForCustomers", "customers");

    private final JsonWriter json;
    private @Nullable Instant newest;

    LightWriter(JsonWriter json) {
        this.json = json;
    }

    /** When the newest value so far was observed, or null. */
    @Nullable
    Instant newest() {
        return newest;
    }

    void site(Found found) {
        ParkingFacts facts = found.facts();
        List<String> categories = facts.texts("category");
        json.beginObject().member("_id", facts.id());
        location(facts);
        json.member("type", type(facts, categories));
        optional("name", facts.text("name"));
        count("numberOfSpaces", facts.count("totalSpotNumber"));
        count("availableSpaces", facts.count("availableSpotNumber"));
        if (categories.contains("free") || categories.contains("feeCharged")) {
            json.name("freeParking").bool(categories.contains("free"));
        }
        List<String> status = facts.texts("status");
        if (status.contains("open") || status.contains("closed")) {
            json.name("isOpenNow").bool(status.contains("open"));
        }
        String hours = facts.text("openingHours");
        if (hours != null) {
            json.name("openingTimesDescription").texts(List.of(hours));
        }
        assigned(categories);
        updated(facts.observedAt("availableSpotNumber"));
        json.endObject();
    }

    void space(Found found) {
        ParkingFacts facts = found.facts();
        List<String> categories = facts.texts("category");
        json.beginObject().member("_id", facts.id());
        location(facts);
        json.member("availability", availability(facts.text("status")));
        optional("externalIdentifier", facts.text("name"));
        if (categories.contains("forDisabled")) {
            json.member("accessibility", "handicappedMarked");
        }
        assigned(categories);
        updated(facts.observedAt("status"));
        json.endObject();
    }

    private void location(ParkingFacts facts) {
        Point point =
                Objects.requireNonNull(facts.location(), "it was asked for").anchor();
        json.name("locationAndDimension")
                .beginObject()
                .name("coordinatesForDisplay")
                .beginObject()
                .name("latitude")
                .number(point.getY())
                .name("longitude")
                .number(point.getX())
                .endObject();
        optional("locationDescriptor", facts.address());
        json.endObject();
    }

    private void assigned(List<String> categories) {
        List<String> users = categories.stream()
                .map(USERS::get)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        if (users.isEmpty() && !categories.contains("forElectricalCharging")) {
            return;
        }
        json.name("assignedFor").beginArray();
        users.forEach(user -> json.beginObject()
                .member("typeOfAssignment", "onlyFor")
                .member("user", user)
                .endObject());
        if (categories.contains("forElectricalCharging")) {
            json.beginObject()
                    .member("typeOfAssignment", "onlyFor")
                    .member("fuelType", "battery")
                    .endObject();
        }
        json.endArray();
    }

    private void updated(@Nullable Instant at) {
        if (at == null) {
            return;
        }
        json.name("lastUpdate").time(at);
        if (newest == null || at.isAfter(newest)) {
            newest = at;
        }
    }

    private void optional(String name, @Nullable String text) {
        if (text != null) {
            json.member(name, text);
        }
    }

    private void count(String name, @Nullable Long number) {
        if (number != null) {
            json.member(name, number);
        }
    }

    private static String type(ParkingFacts facts, List<String> categories) {
        if (facts.is("OnStreetParking")) {
            return "onStreet";
        }
        boolean building = ParkingPublications.isBuilding(categories, facts.texts("layout"));
        return building ? "carPark" : "offStreetParkingGround";
    }

    private static String availability(@Nullable String status) {
        if (status == null) {
            return "unknown";
        }
        return switch (status) {
            case "free" -> "available";
            case "occupied" -> "occupied";
            case "closed" -> "closed";
            default -> "unknown";
        };
    }
}
