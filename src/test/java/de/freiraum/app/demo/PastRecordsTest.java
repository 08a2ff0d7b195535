package de.freiraum.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.Spliterators;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

class PastRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Midnight in Berlin. */
    private static final Instant FROM = Instant.parse("2026-11-01T23:00:00Z");

    private static PastRecords records(Duration length) {
        return new PastRecords(new CityLife(FROM, new Random(7), DemoDevice.CITIES), FROM, FROM.plus(length));
    }

    private static JsonNode entity(PastRecords records, String end) throws IOException {
        for (PastRecords.Evolution evolution : records.evolutions()) {
            JsonNode entity = JSON.readTree(evolution.body());
            if (entity.path("id").asText().endsWith(end)) {
                return entity;
            }
        }
        throw new AssertionError("no record of " + end);
    }

    private static List<JsonNode> instances(JsonNode entity, String attribute) {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                entity.path(attribute).elements(), 0),
                        false)
                .toList();
    }

    private static long sum(JsonNode entity, String attribute) {
        return instances(entity, attribute).stream()
                .mapToLong(instance -> instance.path("value").asLong())
                .sum();
    }

    @Test
    void hoursAddUpToDaysAndDirectionsToPeople() throws IOException {
        PastRecords records = records(Duration.ofDays(3));
        JsonNode hours = entity(records, ":westenhellweg:PT1H");
        JsonNode days = entity(records, ":westenhellweg:P1D");

        assertThat(instances(hours, "peopleCount")).hasSize(72);
        assertThat(instances(days, "peopleCount")).hasSize(3);
        assertThat(sum(days, "peopleCount"))
                .isEqualTo(sum(hours, "peopleCount"))
                .isPositive();
        assertThat(sum(hours, "peopleCountTowards") + sum(hours, "peopleCountAway"))
                .isEqualTo(sum(hours, "peopleCount"));
        assertThat(instances(hours, "peopleCount").get(0).path("observedAt").asText())
                .isEqualTo("2026-11-01T23:00:00Z");
    }

    @Test
    void placesHaveAShareEachHalfHour() throws IOException {
        List<JsonNode> shares = instances(entity(records(Duration.ofDays(1)), ":hansaplatz"), "occupancy");
        assertThat(shares).hasSize(48);
        assertThat(shares)
                .allSatisfy(share -> assertThat(share.path("value").asDouble()).isBetween(0.0, 1.0));
    }

    @Test
    void noTimeHasNoRecords() {
        assertThat(records(Duration.ZERO).evolutions()).isEmpty();
    }
}
