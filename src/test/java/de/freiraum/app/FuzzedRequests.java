package de.freiraum.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** Requests made of the API description: each operation with values that fit and values that do not, as bytes on the wire. */
final class FuzzedRequests {
    private static final int NEVER = Integer.MAX_VALUE;
    private static final List<String> METHODS = List.of("get", "post", "put", "patch", "delete");
    private static final List<String> GOOD = List.of(
            "urn:ngsi-ld:T:1",
            "urn:ngsi-ld:T:1",
            "urn:ngsi-ld:ParkingSpot:example:1",
            "T",
            "n",
            "1",
            "10",
            "true",
            "location",
            "n>1",
            "near;maxDistance==1000",
            "Point",
            "[7.5,51.4]",
            "2026-03-29T00:30:00Z",
            "PT1H",
            "avg",
            "after",
            "simplified",
            "keyValues",
            "observedAt");
    private static final List<String> TYPES = List.of(
            "application/json",
            "application/ld+json",
            "application/merge-patch+json",
            "application/geo+json",
            "text/csv",
            "text/plain",
            "*/*",
            "application/json;q=x",
            "nonsense");

    private final List<Operation> operations = new ArrayList<>();

    /** An operation with what it takes. */
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    private record Operation(
            String method, String path, List<String> parameters, List<String> headers, byte[] example) {}

    FuzzedRequests() throws IOException {
        JsonNode description = new ObjectMapper().readTree(new File("api-spec/openapi.json"));
        description.get("paths").properties().forEach(path -> {
            // The stream of changes has no end, and a replay of another process's files is none of a client's business.
            if (path.getKey().startsWith("/live") || path.getKey().startsWith("/operations/")) {
                return;
            }
            for (String method : METHODS) {
                JsonNode operation = path.getValue().get(method);
                if (operation != null) {
                    operations.add(read(description, method, path.getKey(), operation));
                }
            }
        });
    }

    private static Operation read(JsonNode description, String method, String path, JsonNode operation) {
        List<String> parameters = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        operation.path("parameters").forEach(given -> {
            String reference = given.path("$ref").asText("");
            JsonNode parameter = reference.isEmpty() ? given : description.at(reference.substring(1));
            String in = parameter.path("in").asText("");
            if (in.equals("query")) {
                parameters.add(parameter.path("name").asText());
            } else if (in.equals("header")) {
                headers.add(parameter.path("name").asText());
            }
        });
        JsonNode example = operation.at("/requestBody/content/application~1json/example");
        String body = example.isMissingNode()
                ? "{\"id\":\"urn:ngsi-ld:T:1\",\"type\":\"T\",\"n\":{\"type\":\"Property\",\"value\":1}}"
                : example.toString();
        return new Operation(
                method.toUpperCase(Locale.ROOT), path, parameters, headers, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes of a request. Every third one has nothing odd on purpose, so that what follows meets something. */
    byte[] next(Random random) {
        boolean tame = random.nextInt(3) == 0;
        Operation operation = operations.get(random.nextInt(operations.size()));
        StringBuilder path = new StringBuilder();
        for (String part : operation.path().split("(?=\\{)|(?<=})")) {
            path.append(part.startsWith("{") ? encoded(value(random, tame ? NEVER : 4)) : part);
        }
        List<String> query = new ArrayList<>();
        for (String name : operation.parameters()) {
            if (random.nextInt(Math.max(3, operation.parameters().size() / (tame ? 1 : 3))) == 0) {
                query.add(name + "="
                        + (!tame && random.nextInt(20) == 0 ? odd(random) : encoded(value(random, tame ? NEVER : 2))));
            }
        }
        if (!tame && random.nextInt(20) == 0) {
            query.add(encoded(Mutations.odd(random)) + "=" + encoded(Mutations.odd(random)));
        }
        if (!tame && random.nextInt(30) == 0) {
            path.append('/').append(encoded(Mutations.odd(random)));
        }
        String method = random.nextInt(40) == 0 ? "PUT" : operation.method();
        StringBuilder head =
                new StringBuilder(method + " " + path + (query.isEmpty() ? "" : "?" + String.join("&", query))
                        + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n");
        for (String name : operation.headers()) {
            if (!tame && random.nextInt(4) == 0) {
                head.append(name).append(": ").append(line(value(random, 2))).append("\r\n");
            }
        }
        if (!tame && random.nextInt(3) == 0) {
            head.append("Accept: ")
                    .append(TYPES.get(random.nextInt(TYPES.size())))
                    .append("\r\n");
        }
        byte[] body = new byte[0];
        if (!method.equals("GET") && (!method.equals("DELETE") || random.nextInt(3) == 0)) {
            body = tame ? operation.example() : Mutations.of(operation.example(), random);
            String type = !tame && random.nextInt(4) == 0 ? TYPES.get(random.nextInt(TYPES.size())) : TYPES.get(0);
            head.append("Content-Type: ").append(type).append("\r\n");
            if (tame || random.nextInt(50) != 0) {
                head.append("Content-Length: ").append(body.length).append("\r\n");
            }
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    /** One in so many is odd. */
    private static String value(Random random, int oddOneIn) {
        return random.nextInt(oddOneIn) == 0 ? Mutations.odd(random) : GOOD.get(random.nextInt(GOOD.size()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Not encoded, but without what would end the line. */
    private static String odd(Random random) {
        return Mutations.odd(random).replaceAll("[\\s\u0000]", "");
    }

    private static String line(String text) {
        return text.replaceAll("[\r\n\u0000]", "");
    }
}
