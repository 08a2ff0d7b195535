package de.freiraum.catalog.export;

import de.freiraum.jsonld.Context;
import de.freiraum.model.Attribute;
import de.freiraum.model.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plain values of attributes, as in the simplified representation (clause 4.5.4). */
public final class Values {
    private final Context context;

    /** Values with the short names that a context has. */
    public Values(Context context) {
        this.context = context;
    }

    /** The value, with short names. */
    public Value of(Attribute attribute) {
        if (attribute instanceof Attribute.Property p) {
            return context.compactValue(p.value());
        } else if (attribute instanceof Attribute.GeoProperty g) {
            return g.value().geoJson();
        } else if (attribute instanceof Attribute.Relationship r) {
            return texts(r.objects());
        } else if (attribute instanceof Attribute.LanguageProperty l) {
            Map<String, Value> byLanguage = new LinkedHashMap<>();
            l.languageMap().forEach((tag, texts) -> byLanguage.put(tag, texts(texts)));
            return new Value.Obj(byLanguage);
        } else if (attribute instanceof Attribute.VocabProperty v) {
            return texts(v.vocab().stream().map(context::compact).toList());
        } else if (attribute instanceof Attribute.JsonProperty j) {
            return j.json();
        } else if (attribute instanceof Attribute.ListProperty l) {
            return new Value.Array(
                    l.valueList().stream().map(context::compactValue).toList());
        } else if (attribute instanceof Attribute.ListRelationship l) {
            return Value.ofTexts(l.objectList());
        }
        return Value.Null.INSTANCE;
    }

    private static Value texts(List<String> texts) {
        return texts.size() == 1 ? Value.of(texts.get(0)) : Value.ofTexts(texts);
    }
}
