package de.freiraum.dashboard;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Content-Security-Policy of each kind of page: nothing from elsewhere, no inline scripts or styles. */
final class PagePolicy {
    private static final Pattern ORIGIN = Pattern.compile("(https?://)(\\{s}\\.)?([^/{}]+)/.*");
    private static final String REST = "; base-uri 'none'; form-action 'none'; frame-ancestors ";

    /** The reference sets styles in its elements and has images in its style sheet. */
    static final String REFERENCE =
            "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:" + REST + "'none'";

    private final String sources;
    private final String ancestors;

    /** The policy of an installation. */
    PagePolicy(DashboardSettings settings) {
        String images = settings.tiles()
                .flatMap(tiles -> origin(tiles.url()))
                .map(origin -> " data: " + origin)
                .orElse(settings.tiles().isPresent() ? " data:" : "");
        sources =
                "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'" + images;
        ancestors = String.join(" ", settings.embedOrigins());
    }

    /** Of the dashboard, which must not stand in a frame of another site. */
    String page() {
        return sources + REST + "'none'";
    }

    /** Of the widgets, which are made for that. */
    String widget() {
        return sources + REST + (ancestors.isEmpty() ? "'none'" : ancestors);
    }

    /** The source expression of the host of a tile server; none for one of the same origin. */
    private static Optional<String> origin(String url) {
        Matcher parts = ORIGIN.matcher(url);
        return parts.matches()
                ? Optional.of(parts.group(1) + (parts.group(2) == null ? "" : "*.") + parts.group(3))
                : Optional.empty();
    }
}
