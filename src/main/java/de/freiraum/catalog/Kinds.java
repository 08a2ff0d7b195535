package de.freiraum.catalog;

import de.freiraum.catalog.CatalogConfig.Published;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is said of each type: by the configuration, else by the program, else what its name says. Immutable. */
final class Kinds {
    private static final Value.Obj KNOWN = Resources.object("kinds.json");
    private static final int HASH_BYTES = 3;

    private final Map<String, Published> configured = new HashMap<>();
    private final Licence licence;
    private final boolean history;

    Kinds(CatalogConfig config) {
        config.datasets().forEach(published -> configured.put(iri(published.type()), published));
        this.licence = config.licence();
        this.history = config.history();
    }

    /** The IRI that a name in the configuration means. */
    static String iri(String name) {
        if (name.contains(":")) {
            return name;
        }
        for (String vocabulary : List.of("parking", "footfall", "device")) {
            Context context = BuiltInContexts.named(vocabulary);
            if (context.term(name) != null) {
                return context.expand(name);
            }
        }
        return BuiltInContexts.core().expand(name);
    }

    /** What is said of a type, or null if it is not to be published. */
    @Nullable
    Kind of(String type) {
        Published said = configured.get(type);
        if (said != null && !said.publish()) {
            return null;
        }
        Value known = KNOWN.get(type);
        Kind kind = known == null ? unknown(type) : known(type, known);
        return said == null ? kind : with(kind, said);
    }

    private Kind known(String type, Value known) {
        Value keywords = Resources.member(known, "keywords");
        return new Kind(
                type,
                Resources.text(known, "id"),
                Text.of(Resources.member(known, "title")),
                Text.of(Resources.member(known, "description")),
                new Kind.Keywords(Resources.texts(keywords, "de"), Resources.texts(keywords, "en")),
                Resources.texts(known, "themes"),
                Resources.text(known, "frequency"),
                BuiltInContexts.named(Resources.text(known, "context")),
                Resources.texts(known, "columns"),
                known instanceof Value.Obj object && object.get("groupBy") != null
                        ? iri(Resources.text(known, "groupBy"))
                        : null,
                null,
                licence,
                history);
    }

    private Kind unknown(String type) {
        String name = localName(type);
        return new Kind(
                type,
                typeId(type, name),
                new Text("Daten der Art " + name, "Data of type " + name),
                new Text(
                        "Alle Objekte der Art " + name + " mit ihren Eigenschaften.",
                        "All objects of type " + name + " with their properties."),
                new Kind.Keywords(List.of(name, "Sensordaten"), List.of(name, "sensor data")),
                List.of("REGI"),
                "UPDATE_CONT",
                BuiltInContexts.core(),
                List.of(),
                null,
                null,
                licence,
                history);
    }

    private static Optional<String> groupBy(String name) {
        return name.equals(Published.NO_GROUPS) ? Optional.empty() : Optional.of(iri(name));
    }

    /** What follows the last slash, hash sign or colon. */
    static String localName(String iri) {
        int end = Math.max(Math.max(iri.lastIndexOf('/'), iri.lastIndexOf('#')), iri.lastIndexOf(':'));
        String name = iri.substring(end + 1);
        return name.isEmpty() ? iri : name;
    }

    /** Types of other vocabularies can have the same name; a piece of their hash tells them apart for ever. */
    private static String typeId(String type, String name) {
        return type.equals(NgsiLd.DEFAULT_CONTEXT + name) && name.matches("[a-z0-9]+") ? name : id(type, name);
    }

    /** A name with a piece of the IRI's hash. */
    static String id(String iri, String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_") + "_" + hash(iri);
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java has SHA-256", impossible);
        }
    }

    private static Kind with(Kind kind, Published said) {
        return new Kind(
                kind.type(),
                kind.id(),
                new Text(
                        said.title().orElse(kind.title().de()),
                        said.titleEn().orElse(kind.title().en())),
                new Text(
                        said.description().orElse(kind.description().de()),
                        said.descriptionEn().orElse(kind.description().en())),
                said.keywords().isEmpty()
                        ? kind.keywords()
                        : new Kind.Keywords(said.keywords(), kind.keywords().en()),
                said.themes().isEmpty() ? kind.themes() : said.themes(),
                said.frequency().orElse(kind.frequency()),
                kind.context(),
                kind.columns(),
                said.groupBy()
                        .map(Kinds::groupBy)
                        .orElse(Optional.ofNullable(kind.groupBy()))
                        .orElse(null),
                said.hvdCategory().orElse(kind.hvdCategory()),
                said.licence().orElse(kind.licence()),
                kind.history() && said.history());
    }
}
