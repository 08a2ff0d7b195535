package de.freiraum.representation;

import de.freiraum.json.JsonWriter;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Attribute.Kind;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Value;
import de.freiraum.query.TimeProperty;
import de.freiraum.representation.RepresentationOptions.Form;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes the temporal evolution of entities: each attribute as an array of instances (clauses 4.5.6 to 4.5.8) or, in simplified form, as
 * an array of values and times (clause 4.5.9). The projection and the datasets of the options apply; GeoJSON does not.
 */
public final class TemporalWriter {

    /**
     * The evolution of one entity.
     *
     * @param id the entity's URI
     * @param types type IRIs
     * @param attributes instances by attribute IRI in the order to be shown; the scope's evolution under its IRI, as Properties
     * @param createdAt when the entity came into the broker, or null
     * @param modifiedAt when it was last written, or null
     * @param deletedAt when it was deleted, or null
     * @param elsewhere attributes by IRI, with their kinds, all of whose instances are on other pages (clause 6.3.10); shown empty
     */
    public record Evolution(
            String id,
            List<String> types,
            Map<String, List<Attribute>> attributes,
            @Nullable Instant createdAt,
            @Nullable Instant modifiedAt,
            @Nullable Instant deletedAt,
            Map<String, Kind> elsewhere) {

        /** With all of its instances. */
        public Evolution(
                String id,
                List<String> types,
                Map<String, List<Attribute>> attributes,
                @Nullable Instant createdAt,
                @Nullable Instant modifiedAt,
                @Nullable Instant deletedAt) {
            this(id, types, attributes, createdAt, modifiedAt, deletedAt, Map.of());
        }
    }

    private record Series(Kind kind, @Nullable String datasetId) {}

    private final JsonWriter out;
    private final RepresentationOptions options;
    private final Context context;
    private final TimeProperty time;
    private final AttributeWriter attributes;

    private TemporalWriter(JsonWriter out, RepresentationOptions options, TimeProperty time) {
        this.out = out;
        this.options = options;
        this.context = options.context();
        this.time = time;
        this.attributes = new AttributeWriter(out, options, null, true);
    }

    /** Writes one evolution as the next JSON value; {@code time} is the one paired with values in simplified form. */
    public static void write(JsonWriter out, Evolution evolution, RepresentationOptions options, TimeProperty time) {
        new TemporalWriter(out, options, time).entity(evolution);
    }

    /** One evolution as JSON. */
    public static byte[] write(Evolution evolution, RepresentationOptions options, TimeProperty time) {
        JsonWriter out = new JsonWriter();
        write(out, evolution, options, time);
        return out.toBytes();
    }

    /** Several evolutions as a JSON array. */
    public static byte[] writeArray(List<Evolution> evolutions, RepresentationOptions options, TimeProperty time) {
        JsonWriter out = new JsonWriter();
        out.beginArray();
        evolutions.forEach(e -> write(out, e, options, time));
        return out.endArray().toBytes();
    }

    private void entity(Evolution evolution) {
        out.beginObject();
        head(evolution);
        evolution.attributes().forEach(this::attribute);
        evolution.elsewhere().forEach(this::empty);
        end();
    }

    /** The members before the attributes. */
    private void head(Evolution evolution) {
        if (options.projection().keeps("id")) {
            out.member("id", evolution.id());
        }
        if (options.projection().keeps("type")) {
            out.name("type");
            attributes.texts(evolution.types().stream().map(context::compact).toList());
        }
        if (options.sysAttrs()) {
            systemTime("createdAt", evolution.createdAt());
            systemTime("modifiedAt", evolution.modifiedAt());
            systemTime("deletedAt", evolution.deletedAt());
        }
    }

    private void end() {
        if (options.contextInBody()) {
            out.member("@context", context.source());
        }
        out.endObject();
    }

    /** An attribute without an instance on this page. */
    private void empty(String iri, Kind kind) {
        if (!options.projection().keeps(iri.equals(EntityReader.SCOPE) ? "scope" : iri)) {
            return;
        }
        out.rawName(context.encodedName(iri));
        if (options.form() == Form.SIMPLIFIED) {
            out.beginObject().member("type", kind.name()).name(listName(kind)).beginArray();
            out.endArray().endObject();
        } else {
            out.beginArray().endArray();
        }
    }

    /**
     * Writes the aggregated representation (clause 4.5.19): for each attribute its methods, each with a result, start and end of every
     * period that has instances.
     *
     * @throws de.freiraum.model.NgsiLdException InvalidRequest for periods that are too short
     */
    public static void writeAggregated(
            JsonWriter out,
            Evolution evolution,
            RepresentationOptions options,
            TimeProperty time,
            TemporalAggregation.Periods periods) {
        new TemporalWriter(out, options, time).aggregated(evolution, periods);
    }

    private void aggregated(Evolution evolution, TemporalAggregation.Periods periods) {
        out.beginObject();
        head(evolution);
        evolution.attributes().forEach((iri, all) -> {
            if (!iri.equals(EntityReader.SCOPE) && options.projection().keeps(iri)) {
                aggregated(iri, all.stream().filter(this::isOfWantedDataset).toList(), periods);
            }
        });
        end();
    }

    private void aggregated(String iri, List<Attribute> instances, TemporalAggregation.Periods periods) {
        Map<Series, List<Attribute>> series = seriesOf(instances);
        if (series.isEmpty()) {
            return;
        }
        out.rawName(context.encodedName(iri));
        if (series.size() > 1) {
            out.beginArray();
        }
        series.forEach((one, members) -> {
            out.beginObject().member("type", one.kind().name());
            if (one.datasetId() != null) {
                out.member("datasetId", one.datasetId());
            }
            TemporalAggregation.write(out, members, a -> timeOf(a.meta()), periods);
            out.endObject();
        });
        if (series.size() > 1) {
            out.endArray();
        }
    }

    private void systemTime(String name, @Nullable Instant at) {
        if (at != null && options.projection().keeps(name)) {
            out.name(name).time(at);
        }
    }

    private void attribute(String iri, List<Attribute> all) {
        boolean scope = iri.equals(EntityReader.SCOPE);
        if (!options.projection().keeps(scope ? "scope" : iri)) {
            return;
        }
        List<Attribute> instances = all.stream()
                .filter(this::isOfWantedDataset)
                .map(a -> scope ? scope(a) : a)
                .toList();
        if (instances.isEmpty()) {
            return;
        }
        out.rawName(context.encodedName(iri));
        if (options.form() == Form.SIMPLIFIED) {
            simplified(instances);
        } else {
            out.beginArray();
            instances.forEach(a -> attributes.instance(iri, AttributeWriter.Shown.of(a)));
            out.endArray();
        }
    }

    private boolean isOfWantedDataset(Attribute a) {
        String id = a.meta().datasetId();
        return options.datasetIds().isEmpty() || options.datasetIds().contains(id == null ? "@none" : id);
    }

    /** One scope is shown as a string. */
    private static Attribute scope(Attribute a) {
        return a instanceof Attribute.Property p
                        && p.value() instanceof Value.Array list
                        && list.items().size() == 1
                ? new Attribute.Property(list.items().get(0), p.meta())
                : a;
    }

    private static Map<Series, List<Attribute>> seriesOf(List<Attribute> instances) {
        Map<Series, List<Attribute>> series = new LinkedHashMap<>();
        for (Attribute a : instances) {
            Kind kind = a.kind();
            series.computeIfAbsent(
                            new Series(
                                    kind == null ? Kind.Property : kind,
                                    a.meta().datasetId()),
                            s -> new ArrayList<>())
                    .add(a);
        }
        return series;
    }

    private void simplified(List<Attribute> instances) {
        Map<Series, List<Attribute>> series = seriesOf(instances);
        if (series.size() > 1) {
            out.beginArray();
        }
        series.forEach(this::series);
        if (series.size() > 1) {
            out.endArray();
        }
    }

    private void series(Series series, List<Attribute> instances) {
        boolean translated = series.kind() == Kind.LanguageProperty && options.language() != null;
        out.beginObject().member("type", (translated ? Kind.Property : series.kind()).name());
        if (series.datasetId() != null) {
            out.member("datasetId", series.datasetId());
        }
        out.name(translated ? "values" : listName(series.kind())).beginArray();
        for (Attribute a : instances) {
            out.beginArray();
            attributes.simplifiedValue("", AttributeWriter.Shown.of(a));
            Instant at = timeOf(a.meta());
            if (at == null) {
                out.nul();
            } else {
                out.time(at);
            }
            out.endArray();
        }
        out.endArray().endObject();
    }

    private @Nullable Instant timeOf(AttributeMeta meta) {
        Instant wanted = time.of(meta);
        if (wanted != null) {
            return wanted;
        }
        if (meta.modifiedAt() != null) {
            return meta.modifiedAt();
        }
        return meta.createdAt() != null ? meta.createdAt() : meta.deletedAt();
    }

    private static String listName(Kind kind) {
        return switch (kind) {
            case Property, GeoProperty -> "values";
            case Relationship -> "objects";
            case LanguageProperty -> "languageMaps";
            case VocabProperty -> "vocabs";
            case JsonProperty -> "jsons";
            case ListProperty -> "valueLists";
            case ListRelationship -> "objectLists";
        };
    }
}
