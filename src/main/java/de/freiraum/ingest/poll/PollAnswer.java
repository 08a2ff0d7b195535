package de.freiraum.ingest.poll;

import de.freiraum.egress.EgressResponse;
import de.freiraum.ingest.config.PollDefinition;
import de.freiraum.ingest.message.CsvText;
import de.freiraum.ingest.message.JsonPath;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.StatedTime;
import de.freiraum.json.JsonReader;
import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An answer, taken apart.
 *
 * @param records its records
 * @param next the address of the next page as the answer has it, or null
 * @param token the text for the next request, or null
 */
record PollAnswer(
        List<Part> records, @Nullable String next, @Nullable String token) {
    static final PollAnswer EMPTY = new PollAnswer(List.of(), null, null);
    private static final Pattern CHARSET = Pattern.compile("charset=\"?([A-Za-z0-9._:-]+)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NEXT =
            Pattern.compile("<([^<>]*)>(?:\\s*;[^,<>]*)?;\\s*rel=\"?next\"?(?=[\\s;,]|$)", Pattern.CASE_INSENSITIVE);

    /**
     * One record.
     *
     * @param body the message
     * @param time when it was, if the cursor is a time and the record states one, or null
     */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    record Part(byte[] body, @Nullable Instant time) {}

    /**
     * Takes an answer apart; may take a while.
     *
     * @throws PollFailure when it is not what is configured
     */
    static PollAnswer read(EgressResponse response, PollDefinition poll) {
        byte[] body = response.body().getBytes();
        String type = String.valueOf(response.headers().get("Content-Type")).toLowerCase(Locale.ROOT);
        String coding = response.headers().get("Content-Encoding");
        if (coding != null && !coding.equalsIgnoreCase("identity")) {
            throw new PollFailure("the answer is compressed though nobody asked for it");
        }
        if (type.startsWith("text/html") || firstCharacter(body) == '<') {
            throw new PollFailure("the answer is a page or XML, not "
                    + poll.format().name().toLowerCase(Locale.ROOT) + " (Content-Type: " + Rejection.clip(type) + ")");
        }
        return poll.format() == PollDefinition.Format.CSV
                ? csv(body, type, response, poll)
                : json(body, response, poll);
    }

    private static int firstCharacter(byte[] body) {
        for (byte b : body) {
            if (b > ' ') {
                return b;
            }
        }
        return -1;
    }

    private static PollAnswer json(byte[] body, EgressResponse response, PollDefinition poll) {
        Value document;
        try {
            document = JsonReader.read(withoutMark(body));
        } catch (NgsiLdException e) {
            throw new PollFailure("the answer is no valid JSON: " + e.detail());
        }
        List<Part> parts = new ArrayList<>();
        for (Value record : records(document, poll)) {
            parts.add(new Part(JsonWriter.write(record), time(record, poll.cursor())));
        }
        PollDefinition.Cursor cursor = poll.cursor();
        String next = PollDefinition.LINK.equals(poll.next())
                ? link(response)
                : poll.next() == null ? null : text(JsonPath.at(document, poll.next()));
        String token = cursor == null || cursor.field() == null ? null : text(JsonPath.at(document, cursor.field()));
        return new PollAnswer(parts, next, token);
    }

    private static byte[] withoutMark(byte[] body) {
        boolean marked = body.length >= 3 && body[0] == (byte) 0xEF && body[1] == (byte) 0xBB && body[2] == (byte) 0xBF;
        return marked ? java.util.Arrays.copyOfRange(body, 3, body.length) : body;
    }

    private static List<Value> records(Value document, PollDefinition poll) {
        Value at = poll.records() == null ? document : JsonPath.at(document, poll.records());
        if (at == null) {
            throw new PollFailure("the answer has no \"" + poll.records() + "\"");
        }
        if (poll.format() == PollDefinition.Format.GEOJSON) {
            return features(at);
        }
        if (at instanceof Value.Array array) {
            return array.items();
        }
        if (at instanceof Value.Null) {
            return List.of();
        }
        if (at instanceof Value.Obj) {
            return List.of(at);
        }
        throw new PollFailure("the answer is neither a list of records nor a record");
    }

    private static List<Value> features(Value document) {
        if (document instanceof Value.Obj object && object.get("type") instanceof Value.Text type) {
            if (type.text().equals("FeatureCollection") && object.get("features") instanceof Value.Array features) {
                return features.items();
            }
            if (type.text().equals("Feature")) {
                return List.of(object);
            }
        }
        throw new PollFailure("the answer is no GeoJSON FeatureCollection");
    }

    private static PollAnswer csv(byte[] body, String type, EgressResponse response, PollDefinition poll) {
        String text = decoded(body, type, poll.charset());
        List<CsvText.Row> rows = CsvText.parse(text);
        if (rows.isEmpty()) {
            return EMPTY;
        }
        char separator = CsvText.separator(text);
        List<String> names = rows.get(0).fields();
        String head = CsvText.line(names, separator);
        PollDefinition.Cursor cursor = poll.cursor();
        int column = cursor == null || cursor.time() == null ? -1 : names.indexOf(cursor.time());
        if (cursor != null && column < 0) {
            throw new PollFailure("the answer has no column \"" + cursor.time() + "\"");
        }
        List<Part> parts = new ArrayList<>(rows.size());
        for (CsvText.Row row : rows.subList(1, rows.size())) {
            Instant time = column < 0 || column >= row.fields().size()
                    ? null
                    : time(Value.of(row.fields().get(column)), cursor, true);
            parts.add(new Part((head + CsvText.line(row.fields(), separator)).getBytes(StandardCharsets.UTF_8), time));
        }
        return new PollAnswer(parts, PollDefinition.LINK.equals(poll.next()) ? link(response) : null, null);
    }

    private static String decoded(byte[] body, String type, @Nullable Charset configured) {
        Charset charset = configured == null ? StandardCharsets.UTF_8 : configured;
        Matcher stated = CHARSET.matcher(type);
        try {
            if (configured == null && stated.find()) {
                charset = Charset.forName(stated.group(1));
            }
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(body))
                    .toString();
        } catch (CharacterCodingException | IllegalArgumentException e) {
            throw new PollFailure("the answer is not in " + charset.name() + "; say in charset what it is in");
        }
    }

    private static @Nullable Instant time(Value record, PollDefinition.@Nullable Cursor cursor) {
        Value stated = cursor == null || cursor.time() == null ? null : JsonPath.at(record, cursor.time());
        return stated == null ? null : time(stated, cursor, false);
    }

    private static @Nullable Instant time(Value stated, PollDefinition.@Nullable Cursor cursor, boolean spelled) {
        Value value =
                spelled && stated instanceof Value.Text text && text.text().matches("\\d{1,15}")
                        ? Value.of(Long.parseLong(text.text()))
                        : stated;
        try {
            return StatedTime.read(value, cursor == null ? null : cursor.zone());
        } catch (DateTimeException e) {
            return null; // such a record moves no cursor; whether it is a good message is the envelope's to say
        }
    }

    private static @Nullable String text(@Nullable Value value) {
        if (value instanceof Value.Text text && !text.text().isEmpty()) {
            return text.text();
        }
        return value instanceof Value.Num number ? number.number().toString() : null;
    }

    private static @Nullable String link(EgressResponse response) {
        for (String header : response.headers().getAll("Link")) {
            Matcher matcher = NEXT.matcher(header);
            if (matcher.find()) {
                return matcher.group(1);
            }
        }
        return null;
    }
}
