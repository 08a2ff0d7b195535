package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code freiraum demo --region}: three cities, each a process with data of its own, and a fourth process that sees them all. */
class RegionTest {
    private static final List<String> CITIES = List.of("schwerte", "dortmund", "gelsenkirchen");
    private static final String LINK =
            "<https://w3id.org/freiraum/context/parking.jsonld>; rel=\"http://www.w3.org/ns/json-ld#context\"; type=\"application/ld+json\"";
    private static final String SITES = "/ngsi-ld/v1/entities?type="
            + URLEncoder.encode("OffStreetParking,OnStreetParking", StandardCharsets.UTF_8) + "&limit=100";
    private static final Pattern CITY = Pattern.compile("(\\w+) +http://localhost:(\\d+)/ +mqtt\\S+ +process (\\d+)");
    private static final Pattern REGION = Pattern.compile("http://localhost:(\\d+)");

    private record City(int port, long process) {}

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Map<String, City> RUNNING = new LinkedHashMap<>();

    @TempDir
    private static Path folder;

    private static Process process;
    private static int region;

    @BeforeAll
    static void start() throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:+UseSerialGC",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "de.freiraum.app.Main",
                        "demo",
                        "--region",
                        "--http-port",
                        "0",
                        "--mqtt-port",
                        "0",
                        "--backfill-hours",
                        "1",
                        "--history-days",
                        "0",
                        "--data-dir",
                        folder.toString())
                .redirectError(folder.resolve("region.log").toFile())
                .start();
        BufferedReader output = process.inputReader();
        List<String> told = new ArrayList<>();
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            told.add(line);
            Matcher city = CITY.matcher(line);
            Matcher address = REGION.matcher(line);
            if (city.find()) {
                RUNNING.put(city.group(1), new City(Integer.parseInt(city.group(2)), Long.parseLong(city.group(3))));
            } else if (region == 0 && address.find()) {
                region = Integer.parseInt(address.group(1));
            }
            if (RUNNING.size() == CITIES.size() && region != 0) {
                return;
            }
        }
        throw new IOException(told + " " + Files.readString(folder.resolve("region.log")));
    }

    @AfterAll
    static void stop() throws InterruptedException {
        process.destroy();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(RUNNING.values())
                .allSatisfy(city -> assertThat(ProcessHandle.of(city.process()).filter(ProcessHandle::isAlive))
                        .isEmpty());
    }

    private static HttpResponse<String> get(int port, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .timeout(Duration.ofSeconds(20))
                .header("Link", LINK);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        try {
            return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Value json(HttpResponse<String> answer) {
        return JsonReader.read(answer.body().getBytes(StandardCharsets.UTF_8));
    }

    /** How many entities each city contributes, by what follows the type in their ids. */
    private static Map<String, Long> byCity(List<Value> entities) {
        return entities.stream()
                .map(entity -> ((Value.Text) member(entity, "id")).text())
                .collect(Collectors.groupingBy(id -> id.split(":", -1)[3], Collectors.counting()));
    }

    private static Value member(Value object, String name) {
        return Objects.requireNonNull(((Value.Obj) object).get(name), name);
    }

    private static City city(String name) {
        return Objects.requireNonNull(RUNNING.get(name), name);
    }

    private static List<Value> sites() {
        return ((Value.Array) json(get(region, SITES))).items();
    }

    private static void awaitAllCities() {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(byCity(sites())).containsOnlyKeys(CITIES));
    }

    @Test
    void eachCityIsAProcessWithDataOfItsOwn() {
        assertThat(RUNNING).containsOnlyKeys(CITIES);
        assertThat(RUNNING.values().stream().map(City::process))
                .doesNotHaveDuplicates()
                .doesNotContain(process.pid());
        assertThat(CITIES).allSatisfy(city -> assertThat(folder.resolve(city)).isNotEmptyDirectory());
    }

    @Test
    void oneQuerySeesAndCountsAllCitiesThroughRegistrations() {
        awaitAllCities();
        long sum = 0;
        for (String city : CITIES) {
            HttpResponse<String> own = get(city(city).port(), SITES + "&count=true", "NGSILD-Tenant", city);
            sum += own.headers().firstValueAsLong("NGSILD-Results-Count").orElseThrow();
        }

        HttpResponse<String> all = get(region, SITES + "&count=true");

        assertThat(sum).isPositive();
        assertThat(all.headers().firstValueAsLong("NGSILD-Results-Count")).hasValue(sum);
        assertThat(get(region, SITES + "&local=true").body()).isEqualTo("[]");
        assertThat(((Value.Array) json(get(region, "/ngsi-ld/v1/csourceRegistrations?type=ParkingSpot"))).items())
                .hasSize(3);
    }

    @Test
    void oneMapLayerHasTheSitesOfAllCities() {
        awaitAllCities();

        Value layer = json(get(region, SITES + "&format=simplified", "Accept", "application/geo+json"));

        List<Value> features = ((Value.Array) member(layer, "features")).items();
        assertThat(byCity(features)).containsOnlyKeys(CITIES);
        assertThat(features).allSatisfy(feature -> assertThat(((Value.Obj) feature).get("geometry"))
                .isInstanceOf(Value.Obj.class));
    }

    @Test
    void withoutACityTheOthersAreSeenAndItComesBack() {
        awaitAllCities();
        assertThat(ProcessHandle.of(city("dortmund").process()).orElseThrow().destroyForcibly())
                .isTrue();

        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            HttpResponse<String> answer = get(region, SITES);
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.headers().allValues("NGSILD-Warning")).anySatisfy(warning -> assertThat(warning)
                    .startsWith("199 urn:ngsi-ld:ContextSourceRegistration:dortmund"));
            assertThat(byCity(((Value.Array) json(answer)).items())).containsOnlyKeys("schwerte", "gelsenkirchen");
        });

        awaitAllCities();
    }
}
