package de.freiraum.catalog;

import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.model.Tenant;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Catalogues made by hand. */
public final class Catalogues {
    /** Where they are said to be. */
    public static final String BASE = "https://daten.example.org";

    private static final String SETTINGS = """
            publisher: { name: Stadt Musterstadt, homepage: "https://example.org/" }
            contact: { name: Open-Data-Stelle, email: opendata@example.org }
            contributorId: openNRW
            cities:
              - { tenant: musterstadt, name: Musterstadt, municipalityKey: "05978028" }
              - { tenant: nachbarstadt, publisher: Stadt Nachbarstadt }
            datasets:
              - { type: CrowdFlowObserved, licence: dl-zero-de/2.0, hvdCategory: "http://data.europa.eu/bna/c_b79e35eb" }
              - { type: "https://example.org/Secret", publish: false }
            """;

    private Catalogues() {}

    /** Settings as an operator would write them below {@code catalog}. */
    public static CatalogConfig config(String yaml) {
        return ConfigLoader.load(CatalogConfig.class, new YamlText("catalog", yaml));
    }

    /** What is published by default, and by those settings. */
    public static Publication publication(String yaml) {
        return publication(config(yaml), BASE);
    }

    /** What is published at some address. */
    public static Publication publication(CatalogConfig config, String base) {
        return new Publication(
                config,
                new Publication.Surroundings(
                        base,
                        "Freiraum",
                        Map.of("nachbarstadt", "Nachbarstadt"),
                        tenant -> ZoneId.of("Europe/Berlin"),
                        List.of("geschlossen"),
                        List.of("https://smartdatamodels.org/dataModel.Device/Device"),
                        List.of(),
                        false));
    }

    /** Two cities with live data, a past of three months, data without a place and data without a past. */
    public static Catalogue two() {
        Publication publication = publication(SETTINGS);
        List<Dataset> datasets = new ArrayList<>();
        for (String tenant : List.of("musterstadt", "nachbarstadt")) {
            City city = publication.city(new Tenant(tenant));
            for (String type : List.of("ParkingSpot", "CrowdFlowObserved", "OnStreetParking")) {
                datasets.add(dataset(
                        city,
                        publication,
                        Kinds.iri(type),
                        new Box(7.551, 51.44, 7.58, 51.452),
                        Instant.parse("2026-09-30T22:30:00Z")));
            }
            datasets.add(dataset(city, publication, "https://example.org/Thing", null, null));
        }
        return new Catalogue(publication.about(), datasets);
    }

    private static Dataset dataset(
            City city, Publication publication, String type, @Nullable Box box, @Nullable Instant firstObserved) {
        Kind kind = publication.kind(type);
        if (kind == null) {
            throw new IllegalArgumentException(type + " is not published");
        }
        return new Dataset(
                city,
                kind,
                null,
                12,
                List.of(),
                box,
                Instant.parse("2026-10-05T08:00:00Z"),
                Instant.parse("2026-12-24T18:00:00Z"),
                firstObserved,
                firstObserved == null ? null : Instant.parse("2026-12-24T17:59:00Z"),
                firstObserved == null ? 0 : 12,
                firstObserved == null ? 0 : 11,
                List.of(),
                Set.of());
    }
}
