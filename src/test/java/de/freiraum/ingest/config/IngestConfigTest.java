package de.freiraum.ingest.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IngestConfigTest {
    private static final String DEVICES = """
            dev_eui;model;city;site;spot;name;lat;lon
            70B3D5FFF0000080;bosch/tps110;schwerte;am-markt;007;"Am Markt; 7";51.444;7.565
            """;

    @Test
    void everyBuiltInMappingPassesItsOwnTests() {
        IngestConfig config = read("sources: []");
        assertThat(config.sources()).isEmpty();
    }

    @Test
    void putsSourcesDevicesAndMappingsTogether() {
        SourceDefinition source = requireNonNull(read("""
                sources:
                  - id: parking
                    tenant: schwerte
                    envelope: chirpstack-v4
                    mqtt: { topics: ["application/+/device/+/event/up"] }
                    webhook: { apiKey: "env:KEY" }
                devices: [devices.csv]
                """).source("parking"));
        assertThat(source.tenant().name()).isEqualTo("schwerte");
        assertThat(requireNonNull(source.device("70b3d5fff0000080")).field("name"))
                .isEqualTo("Am Markt; 7");
        assertThat(requireNonNull(source.mapping("Bosch/TPS110")).name()).isEqualTo("parking-bosch-tps110");
        assertThat(requireNonNull(requireNonNull(source.webhook()).apiKey()).value())
                .isEqualTo("secret");
        assertThat(source.toString()).doesNotContain("secret");
    }

    @Test
    void processesThatShareASubscriptionAreKnownToTheBrokerByDifferentIdentifiers() {
        IngestConfig config = read("""
                sources:
                  - id: alone
                    envelope: tts-v3
                    broker: { url: "mqtt://broker:1883", topics: ["up/#"] }
                  - id: together
                    envelope: tts-v3
                    broker: { url: "mqtt://broker:1883", topics: ["$share/group/up/#"] }
                  - id: named
                    envelope: tts-v3
                    broker: { url: "mqtt://broker:1883", topics: ["$share/group/up/#"], clientId: "env:KEY" }
                """);
        assertThat(clientId(config, "alone")).isEqualTo("freiraum-alone");
        assertThat(clientId(config, "together")).isEqualTo("freiraum-together-host-1026");
        assertThat(clientId(config, "named")).isEqualTo("secret");
    }

    private static String clientId(IngestConfig config, String source) {
        return requireNonNull(requireNonNull(config.source(source)).broker()).clientId(source, "host-1026");
    }

    @Test
    void devicesMayBeWrittenInsideWithDefaultsFromTheirSource() {
        SourceDefinition source = requireNonNull(read("""
                sources:
                  - id: footfall
                    envelope: tts-v3
                    webhook: {}
                    fields: { city: dortmund }
                    devices:
                      - { dev_eui: 70B3D5FFF0000081, model: milesight/vs350, counter: hellweg, lat: 51.5, lon: 7.4 }
                """).source("footfall"));
        assertThat(requireNonNull(source.device("70b3d5fff0000081")).field("city"))
                .isEqualTo("dortmund");
    }

    @Test
    void listsAllProblemsWithFileAndLine() {
        ConfigException e = problems("""
                sources:
                  - id: "a b"
                    envelope: lorawan
                    colour: red
                  - id: b
                    envelope: json
                    json: { zone: Nowhere/Town, device: "..x" }
                    mqtt: { topics: ["a/#/b"] }
                    mappings: [nothing]
                    webhook: { apiKey: "env:MISSING" }
                  - id: b
                    envelope: tts-v3
                    broker: { url: "http://x", topics: [], qos: 5 }
                devices:
                  - { dev_eui: 01, model: unknown/model }
                  - { dev_eui: 01 }
                  - { model: bosch/tps110 }
                  - { dev_eui: 02, lat: 99, lon: 7 }
                  - { dev_eui: 03, model: bosch/tps110, city: x }
                mqtt: { maxInFlight: 0 }
                """);
        assertThat(e.problems()).extracting(p -> p.origin() + " " + p.allowed()).satisfies(all -> {
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:2:9 must be up to 64"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:3:15 must be one of"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:4:5 unknown name"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:2:5 needs a way in"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:7:19 must be a time zone"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:7:41 must be member names"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:8:22 must be an MQTT topic filter"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:9:16 there is no such mapping"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:10:24 the variable is not set"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:11:5 the source id is there twice"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:13:20 must be mqtt://"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:13:49 must be a whole number"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:15:5 there is no mapping"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:16:5 the device is listed twice"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:17:5 the device needs a dev_eui"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:18:25 lat must be"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:19:5 the device 03 needs it"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:20:22 must be a whole number"));
        });
    }

    @Test
    void listsAllProblemsOfAMapping() {
        ConfigException e = problems("""
                sources: []
                mappings:
                  - mapping: mine
                    match: { model: x }
                    codec: { builtin: bosch-tps110@9 }
                    emit:
                      - entity: "urn:{device.id|x}:{nothing}"
                        type: ParkingSpot
                        context: parking
                        when: "port + 1"
                        set:
                          status: { value: "decodet.occupied" }
                          colour: { static: red }
                          name: { text: a, value: "'b'" }
                          category: { counter: { totalTowards: "decoded.a" } }
                """);
        assertThat(e.problems()).extracting(p -> p.origin() + " " + p.allowed()).satisfies(all -> {
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:5:23 there is no such codec"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:7:17 {nothing} is unknown"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:10:15 the expression gives int"));
            assertThat(all).anyMatch(p -> p.contains("sources.yaml:12:28") && p.contains("decodet"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:13:19 the context has no term"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:14:17 needs exactly one of"));
            assertThat(all).anyMatch(p -> p.startsWith("sources.yaml:15:32 totals need bits"));
        });
    }

    @Test
    void aMappingWhoseTestFailsIsRefused() {
        ConfigException e = problems("""
                sources: []
                mappings:
                  - mapping: mine
                    match: { model: x }
                    emit:
                      - entity: "urn:x:{devEui}"
                        type: ParkingSpot
                        context: parking
                        set: { status: { value: "decoded.full ? 'occupied' : 'free'" } }
                    tests:
                      - { decoded: { full: true }, expect: { status: free } }
                """);
        assertThat(e.problems()).singleElement().satisfies(p -> {
            assertThat(p.origin()).isEqualTo("sources.yaml:11:54");
            assertThat(p.allowed()).contains("occupied");
        });
    }

    @Test
    void anOwnMappingComesBeforeTheBuiltInOneForTheSameModel() {
        IngestConfig config = read("""
                mappings:
                  - mapping: mine
                    match: { model: bosch/tps110 }
                    codec: { builtin: bosch-tps110@1 }
                    emit:
                      - entity: "urn:x:{devEui}"
                        type: ParkingSpot
                        context: parking
                        set: { status: { value: "'free'" } }
                sources: [ { id: a, envelope: tts-v3, webhook: {} } ]
                """);
        assertThat(requireNonNull(requireNonNull(config.source("a")).mapping("bosch/tps110"))
                        .name())
                .isEqualTo("mine");
    }

    @Test
    void brokenYamlIsAProblemWithItsLine() {
        assertThat(problems("sources:\n  - id: [").problems()).singleElement().satisfies(p -> assertThat(p.origin())
                .startsWith("sources.yaml:"));
    }

    @Test
    void readsAFolder(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("sources.yaml"), """
                sources: [ { id: a, envelope: json, webhook: {}, devices: [list.yaml] } ]
                """);
        Files.writeString(folder.resolve("list.yaml"), "- { id: Sensor-1, model: acme/one }\n");
        Files.createDirectory(folder.resolve("mappings"));
        Files.writeString(folder.resolve("mappings/acme.yaml"), """
                mapping: acme
                match: { model: acme/one }
                emit:
                  - entity: "urn:ngsi-ld:ParkingSpot:{devEui}"
                    type: ParkingSpot
                    context: parking
                    set: { status: { value: "decoded.busy ? 'occupied' : 'free'" } }
                """);
        SourceDefinition source =
                requireNonNull(IngestConfig.load(folder, Map.of()).source("a"));
        assertThat(source.device("sensor-1")).isNotNull();
        assertThat(source.mapping("acme/one")).isNotNull();
    }

    @Test
    void usersOfTheEndpointAreReadWithTheirTopics() {
        Map<String, MqttAccess.User> users = read("""
                sources:
                  - { id: a, envelope: json, mqtt: { topics: [a] } }
                mqtt:
                  users:
                    - { name: gateway, password: "env:KEY", publish: ["application/+/device/+/event/up", "status/gateway"] }
                    - { name: box-7, certificate: true }
                """).mqtt().users();
        MqttAccess.User gateway = requireNonNull(users.get("gateway"));
        assertThat(gateway.mayPublish("application/1/device/2/event/up")).isTrue();
        assertThat(gateway.mayPublish("application/1/device/2/event/join")).isFalse();
        assertThat(requireNonNull(users.get("box-7")).mayPublish("anything")).isTrue();
    }

    @Test
    void listsProblemsOfTheEndpointsUsers() {
        ConfigException e = problems("""
                sources:
                  - { id: a, envelope: json, mqtt: { topics: ["$share/g/a"] } }
                mqtt:
                  users:
                    - { name: gateway, password: one }
                    - { name: gateway, password: two }
                    - { name: other }
                    - { name: third, password: x, publish: [] }
                    - { name: fourth, password: x, publish: ["a/#/b"] }
                    - { name: fifth, password: x, publish: ["$share/g/a"] }
                    - { name: sixth, password: x, topics: [a] }
                """);
        assertThat(e.problems())
                .extracting(p -> p.origin().replaceAll(":\\d+$", "") + " " + p.allowed())
                .anyMatch(p -> p.startsWith("sources.yaml:2 $share is for subscriptions"))
                .anyMatch(p -> p.startsWith("sources.yaml:6 there is a user of this name"))
                .anyMatch(p -> p.startsWith("sources.yaml:7 password is required"))
                .anyMatch(p -> p.startsWith("sources.yaml:8 publish must name"))
                .anyMatch(p -> p.startsWith("sources.yaml:9 must be an MQTT topic filter"))
                .anyMatch(p -> p.startsWith("sources.yaml:10 $share is for subscriptions"))
                .anyMatch(p -> p.startsWith("sources.yaml:11 unknown name"))
                .hasSize(7);
    }

    @Test
    void readsHowToReachABroker(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("ca.pem"), "x");
        Files.writeString(folder.resolve("city.pem"), "x");
        Files.writeString(folder.resolve("city.key"), "x");
        Path file = Files.writeString(folder.resolve("sources.yaml"), """
                sources:
                  - id: a
                    envelope: json
                    broker:
                      url: ["mqtts://one:8883", "mqtts://two:8883"]
                      version: 5
                      topics: ["$share/group/up/#"]
                      sessionExpiry: P2D
                      keepAlive: PT1M
                      tls: { trust: ca.pem, certificate: city.pem, key: city.key }
                """);
        SourceDefinition.Broker broker = requireNonNull(
                requireNonNull(IngestConfig.load(file, Map.of()).source("a")).broker());
        assertThat(broker.urls()).hasSize(2);
        assertThat(broker.version()).isEqualTo(SourceDefinition.Broker.Version.V5);
        assertThat(broker.sessionExpiry()).isEqualTo(Duration.ofDays(2));
        assertThat(broker.keepAlive()).isEqualTo(Duration.ofMinutes(1));
        assertThat(broker.tls().trust()).isEqualTo(folder.resolve("ca.pem"));
        assertThat(broker.tls().key()).isEqualTo(folder.resolve("city.key"));
    }

    @Test
    void listsProblemsOfABroker() {
        ConfigException e = problems("""
                sources:
                  - id: a
                    envelope: json
                    broker:
                      url: ["mqtt://one", "http://two"]
                      version: 4
                      topics: ["$share/group"]
                      sessionExpiry: P2D
                      keepAlive: P2D
                      tls: { trust: /no/such/file, certificate: x }
                """);
        assertThat(e.problems())
                .extracting(p -> p.origin().replaceAll(":\\d+$", "") + " " + p.allowed())
                .anyMatch(p -> p.startsWith("sources.yaml:5 must be mqtt://"))
                .anyMatch(p -> p.startsWith("sources.yaml:6 must be 3.1.1 or 5"))
                .anyMatch(p -> p.startsWith("sources.yaml:7 must be an MQTT topic filter"))
                .anyMatch(p -> p.startsWith("sources.yaml:8 is for version: 5"))
                .anyMatch(p -> p.startsWith("sources.yaml:9 must be from PT1S to"))
                .anyMatch(p -> p.startsWith("sources.yaml:10 is for mqtts:// only"))
                .anyMatch(p -> p.startsWith("sources.yaml:10 certificate and key"))
                .anyMatch(p -> p.startsWith("sources.yaml:10 the file cannot be read"));
    }

    private static IngestConfig read(String main) {
        return IngestConfig.read(
                new YamlText("sources.yaml", main),
                List.of(),
                name -> new YamlText(name, DEVICES),
                Map.of("KEY", "secret"));
    }

    private static ConfigException problems(String main) {
        return catchThrowableOfType(ConfigException.class, () -> read(main));
    }
}
