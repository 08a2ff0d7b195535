package de.freiraum.app;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes something else of what is well formed. What comes out follows from the random numbers alone. */
final class Mutations {
    /** Values that are too long, too large, of another type, or mean something elsewhere. */
    static final List<String> ODD = List.of(
            "",
            " ",
            "null",
            "0",
            "-1",
            "1e999",
            "99999999999999999999",
            "true",
            "{}",
            "[]",
            "[[1,2],[3]]",
            "*",
            "%",
            "%zz",
            "%00",
            "\u0000",
            "\uD800",
            "../../etc/passwd",
            "urn:ngsi-ld:null",
            "urn:ngsi-ld:T:1",
            "http://169.254.169.254/",
            "@context",
            "@none",
            "2026-13-45T99:99:99Z",
            "-999999999-01-01T00:00:00Z",
            "+999999999-12-31T23:59:59Z",
            "P1000000000Y",
            "near;maxDistance==-1",
            "a==1;b==2|(c~=^x$)",
            "((((((((((",
            "~=(a+)+$",
            "a\"b'c<d>&e",
            "ä🚲\u202e",
            "x".repeat(5000));

    private static final ObjectMapper JSON = new ObjectMapper();

    private Mutations() {}

    static String odd(Random random) {
        return ODD.get(random.nextInt(ODD.size()));
    }

    /** A body: as it is, with members changed, or with bytes changed. */
    static byte[] of(byte[] body, Random random) {
        int kind = random.nextInt(10);
        if (kind == 0) {
            return body;
        }
        return kind < 7 ? members(body, random) : bytes(body, random);
    }

    /** Some values, anywhere in the document, are others, are gone or are there twice. */
    static byte[] members(byte[] body, Random random) {
        try {
            JsonNode root = JSON.readTree(body);
            for (int i = random.nextInt(3); i >= 0; i--) {
                change(root, random);
            }
            return JSON.writeValueAsBytes(root);
        } catch (IOException e) {
            return bytes(body, random);
        }
    }

    private static void change(JsonNode root, Random random) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        if (containers.isEmpty()) {
            return;
        }
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object && !object.isEmpty()) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(odd(random), object.get(name));
                default -> object.set(name, value(random));
            }
        } else if (container instanceof ArrayNode array && !array.isEmpty()) {
            int index = random.nextInt(array.size());
            switch (random.nextInt(4)) {
                case 0 -> array.remove(index);
                case 1 -> array.add(array.get(index));
                default -> array.set(index, value(random));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private static JsonNode value(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.getNodeFactory().numberNode(random.nextInt());
            case 2 -> JSON.getNodeFactory().numberNode(random.nextDouble() * 1e300);
            case 3 -> JSON.createArrayNode().add(odd(random));
            case 4 -> JSON.createObjectNode().put(odd(random), odd(random));
            case 5 -> JSON.getNodeFactory().booleanNode(random.nextBoolean());
            default -> JSON.getNodeFactory().textNode(odd(random));
        };
    }

    /** Some bytes are others, are gone or come again. */
    static byte[] bytes(byte[] body, Random random) {
        if (body.length == 0) {
            return odd(random).getBytes(StandardCharsets.UTF_8);
        }
        int at = random.nextInt(body.length);
        int length = 1 + random.nextInt(Math.min(20, body.length - at));
        return switch (random.nextInt(4)) {
            case 0 -> Arrays.copyOf(body, at);
            case 1 -> scrambled(body, at, length, random);
            case 2 -> joined(Arrays.copyOf(body, at), Arrays.copyOfRange(body, at + length, body.length));
            default -> joined(Arrays.copyOf(body, at + length), Arrays.copyOfRange(body, at, body.length));
        };
    }

    private static byte[] scrambled(byte[] body, int at, int length, Random random) {
        byte[] changed = body.clone();
        for (int i = at; i < at + length; i++) {
            changed[i] = (byte) random.nextInt();
        }
        return changed;
    }

    private static byte[] joined(byte[] first, byte[] second) {
        byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }
}
