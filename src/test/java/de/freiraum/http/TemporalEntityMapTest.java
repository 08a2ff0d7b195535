package de.freiraum.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Temporal queries that go by entity maps, named by clause. */
class TemporalEntityMapTest {
    private static final String MAP = "NGSILD-EntityMap";
    private static final String QUERY =
            "/temporal/entities?type=V&pick=id&timerel=after&timeAt=2026-01-01T00:00:00Z&limit=2";
    private static final String BASE = "/ngsi-ld/v1";

    private final TestBroker broker = TestBroker.open();

    @BeforeEach
    void createEvolutions() {
        for (int i = 1; i <= 5; i++) {
            create(i);
        }
    }

    @AfterEach
    void close() {
        broker.close();
    }

    @Test
    void clause574AMapFixesWhatIsFound() {
        String map = map(broker.get(QUERY + "&id=urn:x:2,urn:x:4&entityMap=true"));
        create(6);

        HttpResponse<String> found = broker.get(QUERY + "&count=true", MAP, map);

        assertThat(found.statusCode()).isEqualTo(200);
        assertThat(found.body()).isEqualTo("[{\"id\":\"urn:x:2\"},{\"id\":\"urn:x:4\"}]");
        assertThat(found.headers().firstValue("NGSILD-Results-Count")).hasValue("2");
        assertThat(map(found)).isEqualTo(map);
    }

    @Test
    void clause5593PagesAreFilledAndWhatIsGoneLeavesTheMap() {
        String map = map(broker.get(QUERY + "&entityMap=true"));
        broker.send("DELETE", "/temporal/entities/urn:x:3", "");

        assertThat(broker.get(QUERY + "&offset=2", MAP, map).body())
                .isEqualTo("[{\"id\":\"urn:x:4\"},{\"id\":\"urn:x:5\"}]");
        assertThat(broker.get(map.substring(BASE.length())).body())
                .contains("urn:x:4")
                .doesNotContain("urn:x:3");
    }

    @Test
    void clause5593ConditionsAreCheckedAgain() {
        String map = map(broker.get(QUERY + "&entityMap=true"));

        HttpResponse<String> found = broker.get(QUERY + "&q=speed%3E3", MAP, map);

        assertThat(found.body()).isEqualTo("[{\"id\":\"urn:x:4\"},{\"id\":\"urn:x:5\"}]");
    }

    @Test
    void clause574AMapThatIsGoneIsMadeAnew() {
        String gone = BASE + "/entityMaps/urn:ngsi-ld:EntityMap:" + new UUID(0, 1);

        HttpResponse<String> found = broker.get(QUERY, MAP, gone);

        assertThat(found.statusCode()).isEqualTo(201);
        assertThat(map(found)).isNotEqualTo(gone).startsWith(BASE + "/entityMaps/");
    }

    @Test
    void clause573TheMapOfARetrievalHasTheEntityAlone() {
        HttpResponse<String> retrieved = broker.get("/temporal/entities/urn:x:1?entityMap=true");

        assertThat(retrieved.statusCode()).isEqualTo(200);
        assertThat(broker.get(map(retrieved).substring(BASE.length())).body())
                .contains("\"entityMap\":{\"urn:x:1\":[\"@none\"]}");
    }

    @Test
    void clause574WithoutMapThereIsNoHeader() {
        assertThat(broker.get(QUERY).headers().firstValue(MAP)).isEmpty();
    }

    private void create(int number) {
        String created = """
                {"id": "urn:x:%d", "type": "V", "speed": [{"type": "Property", "value": %d, "observedAt": "2026-03-01T12:00:00Z"}]}
                """.formatted(number, number);
        assertThat(broker.post("/temporal/entities", created).statusCode()).isEqualTo(201);
    }

    private static String map(HttpResponse<String> answer) {
        return answer.headers().firstValue(MAP).orElseThrow();
    }
}
