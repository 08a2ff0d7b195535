package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FirstPathTest {
    @Test
    void anEntityIsCreatedRetrievedAndFound() {
        try (TestBroker broker = TestBroker.open()) {
            var created = broker.post(
                    "/entities",
                    "{\"id\":\"urn:ngsi-ld:ParkingSpot:1\",\"type\":\"ParkingSpot\",\"status\":{\"type\":\"Property\",\"value\":\"free\"}}");
            assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
            assertThat(created.headers().firstValue("Location"))
                    .contains("/ngsi-ld/v1/entities/urn:ngsi-ld:ParkingSpot:1");
            var retrieved = broker.get("/entities/urn:ngsi-ld:ParkingSpot:1");
            assertThat(retrieved.body())
                    .isEqualTo(
                            "{\"id\":\"urn:ngsi-ld:ParkingSpot:1\",\"type\":\"ParkingSpot\",\"status\":{\"type\":\"Property\",\"value\":\"free\"}}");
            var found = broker.get("/entities?type=ParkingSpot&q=status==%22free%22&count=true");
            assertThat(found.body()).isEqualTo("[" + retrieved.body() + "]");
            assertThat(found.headers().firstValue("NGSILD-Results-Count")).contains("1");
        }
    }
}
