package de.freiraum.app;

import io.vertx.ext.web.Router;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/** {@code /.well-known/security.txt} (RFC 9116): whom to tell of a weakness. */
final class WellKnown {
    private static final String PATH = "/.well-known/security.txt";
    private static final int DAYS = 180;

    private final List<String> contacts;
    private final List<String> languages;
    private final String origin;
    private final InstantSource clock;

    /**
     * The text.
     *
     * @param contacts URIs such as {@code mailto:security@example.org}; if there are none, there is no text
     * @param languages that reports can be in
     * @param origin where clients reach the server
     */
    WellKnown(List<String> contacts, List<String> languages, String origin, InstantSource clock) {
        this.contacts = contacts;
        this.languages = languages;
        this.origin = origin;
        this.clock = clock;
    }

    void mount(Router router) {
        router.get(PATH).handler(context -> {
            if (contacts.isEmpty()) {
                context.response().setStatusCode(404).end();
                return;
            }
            context.response()
                    .putHeader("Content-Type", "text/plain; charset=utf-8")
                    .putHeader("Cache-Control", "public, max-age=3600")
                    .end(text());
        });
    }

    private String text() {
        // Whoever runs the server vouches for the settings anew all the time, so that the text does not grow old.
        Instant expires = clock.instant().truncatedTo(ChronoUnit.DAYS).plus(DAYS, ChronoUnit.DAYS);
        StringBuilder text = new StringBuilder();
        contacts.forEach(contact -> text.append("Contact: ").append(contact).append('\n'));
        text.append("Expires: ").append(expires).append('\n');
        if (!languages.isEmpty()) {
            text.append("Preferred-Languages: ")
                    .append(String.join(", ", languages).toLowerCase(Locale.ROOT))
                    .append('\n');
        }
        return text.append("Canonical: ")
                .append(origin)
                .append(PATH)
                .append('\n')
                .toString();
    }
}
