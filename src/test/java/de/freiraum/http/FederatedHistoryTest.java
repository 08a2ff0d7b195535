package de.freiraum.http;

import static de.freiraum.http.Federated.at;
import static de.freiraum.http.Federated.endpoint;
import static de.freiraum.http.Federated.ids;
import static de.freiraum.http.Federated.json;
import static de.freiraum.http.Federated.read;
import static de.freiraum.http.Federated.register;
import static de.freiraum.http.Federated.require;
import static de.freiraum.http.Federated.warnings;
import static org.assertj.core.api.Assertions.assertThat;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.Value;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Temporal evolutions across brokers (clauses 5.6.11 to 5.6.16, 5.7.3 and 5.7.4). */
class FederatedHistoryTest {
    private static final String EVOLUTIONS = "/temporal/entities";
    private static final String ID = "urn:x:v:1";
    private static final String ALL_OPERATIONS =
            "'operations':['retrieveTemporal','queryTemporal','upsertTemporal','appendAttrsTemporal',"
                    + "'deleteAttrsTemporal','updateAttrInstanceTemporal','deleteAttrInstanceTemporal','deleteTemporal']";

    private TestBroker here;
    private TestBroker there;
    private HostileSource hostile;

    @BeforeEach
    void open() {
        here = TestBroker.open();
        there = TestBroker.open();
        hostile = new HostileSource();
    }

    @AfterEach
    void close() {
        hostile.close();
        there.close();
        here.close();
    }

    private static String speed(int value, String time) {
        return "{'type':'Property','value':" + value + ",'observedAt':'2026-03-01T" + time + "Z'}";
    }

    private static void add(TestBroker broker, String id, String... speeds) {
        HttpResponse<String> answer = broker.post(
                EVOLUTIONS + "?local=true",
                json("{'id':'" + id + "','type':'Vehicle','speed':[" + String.join(",", speeds) + "]}"));
        assertThat(answer.statusCode()).as(answer.body()).isIn(201, 204);
    }

    private String registerThere(String mode) {
        return register(
                here,
                endpoint(there),
                "'information':[{'entities':[{'type':'Vehicle'}]}],'mode':'" + mode + "'," + ALL_OPERATIONS);
    }

    /** The values of the speed in their order. */
    private static List<String> speeds(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isIn(200, 206);
        Value body = read(answer) instanceof Value.Array all ? all.items().get(0) : read(answer);
        Value speed = at(body, "speed");
        List<String> values = new ArrayList<>();
        for (Value instance : speed instanceof Value.Array many ? many.items() : List.of(speed)) {
            values.add(JsonWriter.text(at(instance, "value")));
        }
        return values;
    }

    @Test
    void putsTheInstancesOfAllPlacesInOneOrder() {
        registerThere("inclusive");
        add(here, ID, speed(1, "12:00:00"), speed(3, "12:02:00"));
        add(there, ID, speed(2, "12:01:00"), speed(4, "12:03:00"));

        assertThat(speeds(here.get(EVOLUTIONS + "/" + ID))).containsExactly("1", "2", "3", "4");
        assertThat(speeds(here.get(EVOLUTIONS + "/" + ID + "?lastN=2"))).containsExactly("3", "4");
        assertThat(speeds(here.get(EVOLUTIONS + "/" + ID + "?local=true"))).containsExactly("1", "3");
        assertThat(speeds(here.get(EVOLUTIONS
                        + "?type=Vehicle&timerel=between&timeAt=2026-03-01T12:01:00Z&endTimeAt=2026-03-01T12:03:00Z")))
                .containsExactly("2", "3");
    }

    @Test
    void ofOneTimeInOneDatasetTheInstanceModifiedLastCounts() {
        registerThere("inclusive");
        add(here, ID, speed(1, "12:00:00"));
        add(there, ID, speed(2, "12:00:00"));

        assertThat(speeds(here.get(EVOLUTIONS + "/" + ID))).containsExactly("2");
    }

    @Test
    void aggregatesOverTheInstancesOfAllPlaces() {
        registerThere("inclusive");
        add(here, ID, speed(1, "12:00:00"), speed(3, "12:02:00"));
        add(there, ID, speed(2, "12:01:00"), speed(4, "12:03:00"));

        assertThat(here.get(EVOLUTIONS + "/" + ID
                                + "?timerel=between&timeAt=2026-03-01T12:00:00Z&endTimeAt=2026-03-01T13:00:00Z"
                                + "&options=aggregatedValues&aggrMethods=sum,totalCount&aggrPeriodDuration=PT1H")
                        .body())
                .contains("\"sum\":[[10,")
                .contains("\"totalCount\":[[4,");
    }

    @Test
    void queriesAllSourcesAndPagesThroughThem() {
        registerThere("inclusive");
        for (int i = 0; i < 3; i++) {
            add(here, "urn:x:v:h" + i, speed(i, "12:00:00"));
            add(there, "urn:x:v:t" + i, speed(i, "12:00:00"));
        }
        String query = EVOLUTIONS + "?type=Vehicle&timerel=after&timeAt=2026-01-01T00:00:00Z&count=true&limit=4";

        HttpResponse<String> first = here.get(query);
        HttpResponse<String> second = here.get(query + "&offset=4");

        assertThat(ids(first)).containsExactly("urn:x:v:h0", "urn:x:v:h1", "urn:x:v:h2", "urn:x:v:t0");
        assertThat(ids(second)).containsExactly("urn:x:v:t1", "urn:x:v:t2");
        assertThat(first.headers().firstValue("NGSILD-Results-Count")).hasValue("6");
        require(here.get(query + "&orderBy=id"), 400);
        require(here.get(query + "&orderBy=id&local=true"), 200);
    }

    @Test
    void conditionsOnSplitEvolutionsAreCheckedOnTheWhole() {
        registerThere("inclusive");
        add(here, ID, speed(1, "12:00:00"));
        require(
                there.post(
                        EVOLUTIONS,
                        json(
                                "{'id':'" + ID
                                        + "','type':'Vehicle','colour':[{'type':'Property','value':'red','observedAt':'2026-03-01T12:00:00Z'}]}")),
                201);
        String query =
                EVOLUTIONS + "?type=Vehicle&timerel=after&timeAt=2026-01-01T00:00:00Z&attrs=speed&q=colour==%22red%22";

        assertThat(ids(here.get(query))).isEmpty();
        assertThat(speeds(here.get(query + "&splitEntities=true"))).containsExactly("1");
    }

    @Test
    void longEvolutionsAreCutInTimeAndCanBeReadOn() {
        registerThere("inclusive");
        String[] hereSpeeds = new String[25];
        String[] thereSpeeds = new String[45];
        for (int i = 0; i < thereSpeeds.length; i++) {
            thereSpeeds[i] = speed(2 * i, "12:%02d:00".formatted(i));
        }
        for (int i = 0; i < hereSpeeds.length; i++) {
            hereSpeeds[i] = speed(2 * i + 1, "12:%02d:30".formatted(i));
        }
        add(here, ID, hereSpeeds);
        add(there, ID, thereSpeeds);

        HttpResponse<String> first = here.get(EVOLUTIONS + "/" + ID);

        require(first, 206);
        List<String> shown = speeds(first);
        assertThat(shown).hasSize(30).startsWith("0", "1", "2").endsWith("28", "29");
        assertThat(first.headers().firstValue("Content-Range"))
                .hasValue("date-time 2026-03-01T12:00:00Z-2026-03-01T12:14:30Z/*");
    }

    @Test
    void aggregatesAreOfAllInstancesHoweverManyPartsTheSourceTellsThemIn() {
        registerThere("inclusive");
        String[] all = new String[900];
        for (int i = 0; i < all.length; i++) {
            all[i] = speed(1, "%02d:%02d:00".formatted(i / 60, i % 60));
        }
        add(there, ID, all);

        HttpResponse<String> answer =
                here.get(EVOLUTIONS + "/" + ID + "?format=aggregatedValues&aggrMethods=totalCount,sum");

        require(answer, 200);
        assertThat(answer.body()).contains("[[900,").doesNotContain("[[300,");
        assertThat(warnings(answer)).isEmpty();
    }

    @Test
    void whatASourceDoesNotTellToTheEndIsCutThereAndCanBeReadOn() {
        add(here, ID, speed(1, "12:00:30"), speed(9, "12:05:00"));
        register(here, hostile.endpoint(), "'information':[{'entities':[{'type':'Vehicle'}]}]," + ALL_OPERATIONS);
        hostile.answer("{'id':'" + ID + "','type':'Vehicle','speed':[" + speed(2, "12:01:00") + ","
                + speed(3, "12:02:00") + "]}");
        hostile.partially();

        HttpResponse<String> answer = here.get(EVOLUTIONS + "/" + ID);

        require(answer, 206);
        assertThat(speeds(answer)).containsExactly("1", "2", "3");
        assertThat(answer.headers().firstValue("Content-Range"))
                .hasValue("date-time 2026-03-01T12:00:30Z-2026-03-01T12:02:00Z/*");
        assertThat(warnings(answer)).isNotEmpty();
    }

    @Test
    void changesGoToWhereTheAttributesAre() {
        registerThere("redirect");

        HttpResponse<String> created = here.post(
                EVOLUTIONS, json("{'id':'" + ID + "','type':'Vehicle','speed':[" + speed(1, "12:00:00") + "]}"));
        require(created, 201);
        require(here.post(EVOLUTIONS + "/" + ID + "/attrs", json("{'speed':[" + speed(2, "12:01:00") + "]}")), 204);

        require(here.get(EVOLUTIONS + "/" + ID + "?local=true"), 404);
        assertThat(speeds(there.get(EVOLUTIONS + "/" + ID))).containsExactly("1", "2");
        Value speed = at(read(here.get(EVOLUTIONS + "/" + ID)), "speed");
        Value instanceId = at(((Value.Array) speed).items().get(0), "instanceId");
        String path = EVOLUTIONS + "/" + ID + "/attrs/speed/" + ((Value.Text) instanceId).text();
        require(
                here.send(
                        "PATCH",
                        path,
                        json("{'speed':[" + speed(9, "12:00:00") + "]}"),
                        "Content-Type",
                        "application/json"),
                204);
        assertThat(speeds(there.get(EVOLUTIONS + "/" + ID))).containsExactly("9", "2");
        require(here.send("DELETE", path, ""), 204);
        assertThat(speeds(there.get(EVOLUTIONS + "/" + ID))).containsExactly("2");
        require(here.send("DELETE", EVOLUTIONS + "/" + ID + "/attrs/speed", ""), 204);
        require(here.send("DELETE", EVOLUTIONS + "/" + ID, ""), 204);
        require(there.get(EVOLUTIONS + "/" + ID), 404);
        require(here.send("DELETE", EVOLUTIONS + "/" + ID, ""), 404);
    }

    @Test
    void whatOnlyASourceHoldsConflictsIfItDoesNotTakeTheChange() {
        register(
                here,
                endpoint(there),
                "'information':[{'entities':[{'type':'Vehicle'}]}],'mode':'redirect','operations':['retrieveTemporal']");

        require(
                here.post(
                        EVOLUTIONS,
                        json("{'id':'" + ID + "','type':'Vehicle','speed':[" + speed(1, "12:00:00") + "]}")),
                409);
    }

    @Test
    void inclusiveSourcesGetWhatTheBrokerKeepsToo() {
        registerThere("inclusive");

        require(
                here.post(
                        EVOLUTIONS,
                        json("{'id':'" + ID + "','type':'Vehicle','speed':[" + speed(1, "12:00:00") + "]}")),
                201);

        assertThat(speeds(here.get(EVOLUTIONS + "/" + ID + "?local=true"))).containsExactly("1");
        assertThat(speeds(there.get(EVOLUTIONS + "/" + ID))).containsExactly("1");
        require(
                here.post(
                        EVOLUTIONS,
                        json("{'id':'" + ID + "','type':'Vehicle','speed':[" + speed(2, "12:01:00") + "]}")),
                204);
    }

    @Test
    void asksOnlyForTheTimeThatASourceHas() {
        register(
                here,
                hostile.endpoint(),
                "'information':[{'entities':[{'type':'Vehicle'}]}],'operations':['queryTemporal'],"
                        + "'observationInterval':{'startAt':'2026-01-01T00:00:00Z','endAt':'2026-02-01T00:00:00Z'}");

        here.get(EVOLUTIONS + "?type=Vehicle&timerel=after&timeAt=2026-03-01T00:00:00Z");
        assertThat(hostile.requests()).isEmpty();
        here.get(EVOLUTIONS + "?type=Vehicle&timerel=before&timeAt=2026-03-01T00:00:00Z");
        assertThat(hostile.requests()).hasSize(1);
        here.get("/entities?type=Vehicle");
        assertThat(hostile.requests()).hasSize(1);
    }

    @Test
    void warnsOfSourcesThatDoNotAnswerWell() {
        register(here, hostile.endpoint(), "'information':[{'entities':[{'type':'Vehicle'}]}]," + ALL_OPERATIONS);
        add(here, ID, speed(1, "12:00:00"));
        hostile.answer("[{'type':'Vehicle'}]");

        HttpResponse<String> answer = here.get(EVOLUTIONS + "/" + ID);

        assertThat(speeds(answer)).containsExactly("1");
        assertThat(warnings(answer)).singleElement().asString().startsWith("111");
        hostile.status(403);
        assertThat(warnings(here.get(EVOLUTIONS + "?type=Vehicle&timerel=after&timeAt=2026-03-01T00:00:00Z")))
                .singleElement()
                .asString()
                .startsWith("299");
    }
}
