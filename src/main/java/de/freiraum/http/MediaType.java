package de.freiraum.http;

/** The media types of clause 6.3.4 that answers can have. */
public enum MediaType {
    JSON("application/json"),
    JSON_LD("application/ld+json"),
    GEO_JSON("application/geo+json");

    private final String text;

    MediaType(String text) {
        this.text = text;
    }

    /** As it stands in headers. */
    public String text() {
        return text;
    }
}
