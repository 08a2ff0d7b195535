package de.freiraum.catalog;

import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The files of a dataset. */
public enum FileFormat {
    /** A table. */
    CSV("csv", "text/csv", "CSV", "text/csv", true),
    /** A FeatureCollection of simplified entities, or of rows of the past. */
    GEO_JSON("geojson", "application/geo+json", "GEOJSON", "application/geo+json", true),
    /** One simplified entity, or one row of the past, on each line. */
    NDJSON("ndjson", "application/x-ndjson", "JSON", null, true),
    /** Entities as NGSI-LD has them. */
    NGSI_LD("jsonld", "application/ld+json", "JSON_LD", "application/ld+json", false);

    private final String suffix;
    private final String contentType;
    private final String euFileType;
    private final @Nullable String ianaType;
    private final boolean ofPast;

    FileFormat(String suffix, String contentType, String euFileType, @Nullable String ianaType, boolean ofPast) {
        this.suffix = suffix;
        this.contentType = contentType;
        this.euFileType = euFileType;
        this.ianaType = ianaType;
        this.ofPast = ofPast;
    }

    /** The format of a suffix, without its dot. */
    public static Optional<FileFormat> ofSuffix(String suffix) {
        return Arrays.stream(values())
                .filter(format -> format.suffix.equals(suffix))
                .findFirst();
    }

    /** What addresses end with, without a dot. */
    public String suffix() {
        return suffix;
    }

    /** The media type that files are sent with, without parameters. */
    public String contentType() {
        return contentType;
    }

    /** The code in the EU's table of file types. */
    public String euFileType() {
        return euFileType;
    }

    /** The media type as registered with IANA, or null if it is not. */
    public @Nullable String ianaType() {
        return ianaType;
    }

    /** Whether the past is published in it too. */
    public boolean ofPast() {
        return ofPast;
    }

    /** The name for people. */
    public String label() {
        return switch (this) {
            case CSV -> "CSV";
            case GEO_JSON -> "GeoJSON";
            case NDJSON -> "NDJSON";
            case NGSI_LD -> "NGSI-LD (JSON-LD)";
        };
    }
}
