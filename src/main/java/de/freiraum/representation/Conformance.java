package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.AttributeMeta;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version of the specification that a receiver understands, and what entities fall back to for it (clause 4.3.6.8): members that came later
 * are left out, kinds of attributes that came later become Properties and Relationships.
 *
 * @param major 1 until today
 * @param minor the version within, such as 9 in 1.9
 */
public record Conformance(int major, int minor) {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,3})\\.(\\d{1,3})");
    private static final int EXPIRY_AND_VALUE_TYPE = 9;
    private static final int LISTS_VOCABULARIES_AND_JSON = 8;
    private static final int SCOPES_AND_LANGUAGES = 4;
    private static final int DATASETS_AND_SEVERAL_TYPES = 3;

    /**
     * Parses a version.
     *
     * @param name what holds it, for the error
     * @param text such as {@code 1.6}
     * @throws NgsiLdException BadRequestData
     */
    public static Conformance parse(String name, String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            throw NgsiLdException.badRequest(name + " must be a version of the form major.minor, such as 1.9");
        }
        return new Conformance(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    /**
     * The entity as that version knows it; itself if that version knows all it can hold.
     *
     * @param context what the entity is going to be compacted with; terms of vocabularies, which become strings, are compacted here
     */
    public Entity amend(Entity entity, Context context) {
        return isBefore(EXPIRY_AND_VALUE_TYPE) ? new Amendment(context).of(entity) : entity;
    }

    private boolean isBefore(int introduced) {
        return major < 1 || (major == 1 && minor < introduced);
    }

    private final class Amendment {
        private final Context context;

        Amendment(Context context) {
            this.context = context;
        }

        Entity of(Entity entity) {
            return new Entity(
                    entity.id(),
                    isBefore(DATASETS_AND_SEVERAL_TYPES) ? entity.types().subList(0, 1) : entity.types(),
                    isBefore(SCOPES_AND_LANGUAGES) ? List.of() : entity.scopes(),
                    amend(entity.attributes()),
                    entity.createdAt(),
                    entity.modifiedAt(),
                    null);
        }

        private Map<String, List<Attribute>> amend(Map<String, List<Attribute>> attributes) {
            Map<String, List<Attribute>> amended = new LinkedHashMap<>();
            attributes.forEach((iri, instances) -> {
                List<Attribute> kept = isBefore(DATASETS_AND_SEVERAL_TYPES) ? List.of(preferred(instances)) : instances;
                amended.put(iri, kept.stream().map(this::amend).toList());
            });
            return amended;
        }

        private static Attribute preferred(List<Attribute> instances) {
            for (Attribute instance : instances) {
                if (instance.meta().datasetId() == null) {
                    return instance;
                }
            }
            return instances.get(0);
        }

        private Attribute amend(Attribute attribute) {
            AttributeMeta meta = amend(attribute.meta());
            if (attribute instanceof Attribute.LanguageProperty p && isBefore(SCOPES_AND_LANGUAGES)) {
                Map<String, Value> languages = new LinkedHashMap<>();
                p.languageMap().forEach((tag, texts) -> languages.put(tag, oneOrAll(texts)));
                return new Attribute.Property(new Value.Obj(languages), meta);
            }
            if (isBefore(LISTS_VOCABULARIES_AND_JSON)) {
                if (attribute instanceof Attribute.JsonProperty p) {
                    return new Attribute.Property(p.json(), meta);
                }
                if (attribute instanceof Attribute.VocabProperty p) {
                    return new Attribute.Property(
                            oneOrAll(p.vocab().stream().map(context::compact).toList()), meta);
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

        private AttributeMeta amend(AttributeMeta meta) {
            boolean beforeDatasets = isBefore(DATASETS_AND_SEVERAL_TYPES);
            return new AttributeMeta(
                    beforeDatasets ? null : meta.datasetId(),
                    beforeDatasets ? null : meta.observedAt(),
                    beforeDatasets ? null : meta.unitCode(),
                    null,
                    isBefore(LISTS_VOCABULARIES_AND_JSON) ? List.of() : meta.objectTypes(),
                    null,
                    meta.createdAt(),
                    meta.modifiedAt(),
                    meta.deletedAt(),
                    meta.instanceId(),
                    amend(meta.attributes()),
                    meta.removed());
        }

        private static Value oneOrAll(List<String> texts) {
            return texts.size() == 1 ? Value.of(texts.get(0)) : Value.ofTexts(texts);
        }
    }
}
