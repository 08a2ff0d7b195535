package de.freiraum.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is sent back: a status, headers and perhaps a body. Immutable, but for the body's bytes, which nobody may touch any more. */
public final class Answer {
    private static final Answer NO_CONTENT = new Answer(204, List.of(), null);

    private final int status;
    private final List<String> headers;
    private final @Nullable Buffer body;

    private Answer(int status, List<String> headers, @Nullable Buffer body) {
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    /** An answer without a body. */
    public static Answer of(int status) {
        return new Answer(status, List.of(), null);
    }

    /** 204: done, and there is nothing to say. */
    public static Answer noContent() {
        return NO_CONTENT;
    }

    /** 201 with the relative path of what was created. */
    public static Answer created(String location) {
        return of(201).with("Location", location);
    }

    /** An answer with a body of some media type. */
    public static Answer of(int status, String contentType, Buffer body) {
        return new Answer(status, List.of("Content-Type", contentType), body);
    }

    /** The same with another status. */
    public Answer withStatus(int other) {
        return new Answer(other, headers, body);
    }

    /** The same with one more header; a name may occur several times. */
    public Answer with(String name, String value) {
        return with(new String[] {name, value});
    }

    /** The same with more headers, names and values in turn. */
    Answer with(String... namesAndValues) {
        List<String> more = new ArrayList<>(headers.size() + namesAndValues.length);
        more.addAll(headers);
        Collections.addAll(more, namesAndValues);
        return new Answer(status, more, body);
    }

    /** 304 with the same headers, but for those that describe the body. */
    Answer notModified() {
        List<String> kept = new ArrayList<>(headers.size());
        for (int i = 0; i < headers.size(); i += 2) {
            if (!headers.get(i).startsWith("Content-")) {
                kept.add(headers.get(i));
                kept.add(headers.get(i + 1));
            }
        }
        return new Answer(304, kept, null);
    }

    /** The first value of a header, or null; names are compared as they were written. */
    @Nullable
    String first(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equals(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** Names and values in turn. */
    List<String> headers() {
        return headers;
    }

    /** The body, or null. */
    public @Nullable Buffer body() {
        return body;
    }
}
