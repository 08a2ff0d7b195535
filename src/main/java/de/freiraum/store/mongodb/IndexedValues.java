package de.freiraum.store.mongodb;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import de.freiraum.query.Moment;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.bson.BsonBoolean;
import org.bson.BsonDocument;
import org.bson.BsonDouble;
import org.bson.BsonInt32;
import org.bson.BsonInt64;
import org.bson.BsonString;
import org.bson.BsonValue;

/**
 * What of an entity's attributes can be looked up in indexes: the paths of attributes and sub-attributes, and for each path the values that a
 * comparison could mean. A path is the IRIs of its attributes, joined by a line feed. What is looked up is at least what matches: a query
 * evaluates what it found, unless its filter is known to be exact ({@link EntityFilter}).
 */
final class IndexedValues {
    /** Ends the path of an attribute that has instances, none of which has a value that could be met. */
    static final String WITHOUT_VALUE = Keys.SEPARATOR + "-";

    /** Ends the path under which numbers are that a floating-point number holds only nearly. */
    static final String NEARLY = Keys.SEPARATOR + "~";

    /** How much of a text is looked at; the rest is for the evaluator. */
    static final int LONGEST_TEXT = 256;

    private final Set<String> paths = new LinkedHashSet<>();
    private final Set<BsonDocument> values = new LinkedHashSet<>();

    private IndexedValues() {}

    static IndexedValues of(Entity entity) {
        IndexedValues indexed = new IndexedValues();
        indexed.attributes("", entity.attributes());
        return indexed;
    }

    List<BsonString> paths() {
        return paths.stream().map(BsonString::new).toList();
    }

    List<BsonDocument> values() {
        return new ArrayList<>(values);
    }

    private void attributes(String above, Map<String, List<Attribute>> attributes) {
        attributes.forEach((iri, instances) -> {
            String path = above + iri;
            paths.add(instances.stream().allMatch(IndexedValues::isEmpty) ? path + WITHOUT_VALUE : path);
            for (Attribute instance : instances) {
                values(path, instance);
                attributes(path + Keys.SEPARATOR, instance.meta().attributes());
            }
        });
    }

    private static boolean isEmpty(Attribute instance) {
        return instance instanceof Attribute.LanguageProperty l
                && l.languageMap().isEmpty();
    }

    private void values(String path, Attribute instance) {
        if (instance instanceof Attribute.Property p) {
            value(path, p.value());
        } else if (instance instanceof Attribute.JsonProperty j) {
            value(path, j.json());
        } else if (instance instanceof Attribute.ListProperty l) {
            l.valueList().forEach(item -> scalar(path, item));
        } else if (instance instanceof Attribute.LanguageProperty l) {
            l.languageMap().values().forEach(texts -> texts.forEach(text -> text(path, text)));
        } else if (instance instanceof Attribute.VocabProperty v) {
            v.vocab().forEach(text -> text(path, text));
        } else if (instance instanceof Attribute.Relationship r) {
            r.objects().forEach(uri -> text(path, uri));
        } else if (instance instanceof Attribute.ListRelationship l) {
            l.objectList().forEach(uri -> text(path, uri));
        }
    }

    private void value(String path, Value given) {
        Value value = unwrap(given);
        if (value instanceof Value.Array array) {
            array.items().forEach(item -> scalar(path, item));
        } else {
            scalar(path, value);
        }
    }

    private static Value unwrap(Value value) {
        Value inner = value instanceof Value.Obj object ? object.get("@value") : null;
        return inner != null ? inner : value;
    }

    private void scalar(String path, Value given) {
        Value value = unwrap(given);
        if (value instanceof Value.Num number) {
            add(path + (isHeld(number) ? "" : NEARLY), new BsonDouble(number.asDouble()));
        } else if (value instanceof Value.Bool bool) {
            add(path, BsonBoolean.valueOf(bool.truth()));
        } else if (value instanceof Value.Text text) {
            text(path, text.text());
        }
    }

    private void text(String path, String text) {
        add(path, new BsonString(cut(text)));
        Moment moment = Moment.parse(text);
        if (moment != null) {
            add(path, moment(moment));
        }
    }

    private void add(String path, BsonValue value) {
        values.add(new BsonDocument("a", new BsonString(path)).append("v", value));
    }

    /** Whether no two such numbers that differ have the same floating-point number below 2^53. */
    private static boolean isHeld(Value.Num number) {
        Number n = number.number();
        return n instanceof Long
                || n instanceof Double
                || (Double.isFinite(number.asDouble())
                        && new BigDecimal(Double.toString(number.asDouble())).compareTo(number.asDecimal()) == 0);
    }

    static String cut(String text) {
        return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
    }

    /** A moment as a document that is ordered as moments are. */
    static BsonDocument moment(Moment moment) {
        return moment(moment.kind(), moment.seconds(), moment.nanos());
    }

    static BsonDocument moment(Moment.Kind kind, long seconds, int nanos) {
        return new BsonDocument("k", new BsonInt32(order(kind)))
                .append("s", new BsonInt64(seconds))
                .append("n", new BsonInt32(nanos));
    }

    private static int order(Moment.Kind kind) {
        return switch (kind) {
            case TIME -> 0;
            case DATE -> 1;
            case DATE_TIME -> 2;
        };
    }
}
