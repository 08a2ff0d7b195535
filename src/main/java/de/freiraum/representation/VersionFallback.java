package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import de.freiraum.representation.TemporalWriter.Evolution;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Entities as an earlier version of the specification could have had them (clause 4.3.6.8): kinds of attributes that it does not know become
 * Properties and Relationships, members that it does not know go.
 */
public final class VersionFallback {
    private static final String SCOPE = NgsiLd.NAMESPACE + "scope";
    private static final int MULTIPLE = 3;
    private static final int LANGUAGE_AND_SCOPE = 4;
    private static final int LISTS_VOCABULARY_JSON = 8;
    private static final int EXPIRY_AND_VALUE_TYPE = 9;

    private final SpecificationVersion version;
    private final Context context;

    /**
     * A fallback.
     *
     * @param version the version to conform to
     * @param context what vocabulary terms are compacted with, since values of Properties are not
     */
    public VersionFallback(SpecificationVersion version, Context context) {
        this.version = version;
        this.context = context;
    }

    /** The entity as that version has it. */
    public Entity apply(Entity entity) {
        return new Entity(
                entity.id(),
                version.isBefore(MULTIPLE) ? first(entity.types()) : entity.types(),
                version.isBefore(LANGUAGE_AND_SCOPE) ? List.of() : entity.scopes(),
                attributes(entity.attributes()),
                entity.createdAt(),
                entity.modifiedAt(),
                version.isBefore(EXPIRY_AND_VALUE_TYPE) ? null : entity.expiresAt());
    }

    /** The evolution as that version has it: with its instances each as that version has them, since there was no history without times. */
    public Evolution apply(Evolution evolution) {
        Map<String, List<Attribute>> fallen = new LinkedHashMap<>();
        evolution.attributes().forEach((iri, instances) -> {
            if (!version.isBefore(LANGUAGE_AND_SCOPE) || !iri.equals(SCOPE)) {
                fallen.put(
                        iri,
                        instances.stream()
                                .map(a -> {
                                    Attribute amended = apply(a);
                                    return amended.with(amended.meta()
                                            .withObservedAt(a.meta().observedAt()));
                                })
                                .toList());
            }
        });
        return new Evolution(
                evolution.id(),
                version.isBefore(MULTIPLE) ? first(evolution.types()) : evolution.types(),
                fallen,
                evolution.createdAt(),
                evolution.modifiedAt(),
                evolution.deletedAt(),
                evolution.elsewhere());
    }

    private static List<String> first(List<String> types) {
        return types.isEmpty() ? types : types.subList(0, 1);
    }

    private Map<String, List<Attribute>> attributes(Map<String, List<Attribute>> given) {
        Map<String, List<Attribute>> fallen = new LinkedHashMap<>();
        given.forEach((iri, instances) ->
                fallen.put(iri, instances(instances).stream().map(this::apply).toList()));
        return fallen;
    }

    /** All of them, or the default one, or the first where there is none. */
    private List<Attribute> instances(List<Attribute> instances) {
        if (!version.isBefore(MULTIPLE) || instances.size() < 2) {
            return instances;
        }
        return List.of(instances.stream()
                .filter(a -> a.meta().datasetId() == null)
                .findFirst()
                .orElse(instances.get(0)));
    }

    private Attribute apply(Attribute attribute) {
        AttributeMeta meta = meta(attribute.meta());
        if (version.isBefore(LANGUAGE_AND_SCOPE) && attribute instanceof Attribute.LanguageProperty p) {
            Map<String, Value> languages = new LinkedHashMap<>();
            p.languageMap().forEach((tag, texts) -> languages.put(tag, oneOrMany(texts)));
            return new Attribute.Property(new Value.Obj(languages), meta);
        }
        if (version.isBefore(LISTS_VOCABULARY_JSON)) {
            if (attribute instanceof Attribute.JsonProperty p) {
                return new Attribute.Property(p.json(), meta);
            }
            if (attribute instanceof Attribute.VocabProperty p) {
                return new Attribute.Property(
                        oneOrMany(p.vocab().stream().map(context::compact).toList()), meta);
            }
            if (attribute instanceof Attribute.ListProperty p) {
                return new Attribute.Property(new Value.Array(p.valueList()), meta);
            }
            if (attribute instanceof Attribute.ListRelationship r) {
                return new Attribute.Relationship(r.objectList(), meta);
            }
        }
        return attribute.with(meta);
    }

    private static Value oneOrMany(List<String> texts) {
        return texts.size() == 1 ? Value.of(texts.get(0)) : Value.ofTexts(texts);
    }

    private AttributeMeta meta(AttributeMeta meta) {
        boolean plain = version.isBefore(MULTIPLE);
        boolean stays = !version.isBefore(EXPIRY_AND_VALUE_TYPE);
        return new AttributeMeta(
                plain ? null : meta.datasetId(),
                plain ? null : meta.observedAt(),
                plain ? null : meta.unitCode(),
                stays ? meta.valueType() : null,
                version.isBefore(LISTS_VOCABULARY_JSON) ? List.of() : meta.objectTypes(),
                stays ? meta.expiresAt() : null,
                meta.createdAt(),
                meta.modifiedAt(),
                meta.deletedAt(),
                meta.instanceId(),
                attributes(meta.attributes()),
                Set.of());
    }
}
