package de.freiraum.jsonld;

import de.freiraum.json.JsonWriter;
import de.freiraum.model.NgsiLd;
import de.freiraum.model.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A compiled context: the user's terms and, above them, those of the core (clauses 4.4, 5.5.7). Immutable; two contexts are equal only
 * if they are the same instance, which makes a context a cheap cache key.
 */
public final class Context {
    private static final int MEMO_ENTRIES = 20_000;

    private final Value source;
    private final Map<String, Term> terms;
    private final Map<String, String> inverse;
    private final List<Map.Entry<String, String>> prefixes;
    private final Map<String, String> expanded = new ConcurrentHashMap<>();
    private final Map<String, String> compacted = new ConcurrentHashMap<>();
    private final Map<String, byte[]> encoded = new ConcurrentHashMap<>();

    Context(Value source, Map<String, Term> terms) {
        this.source = source;
        this.terms = Map.copyOf(terms);
        this.inverse = inverse(terms);
        List<Map.Entry<String, String>> found = new ArrayList<>();
        terms.forEach((name, term) -> {
            if (term.prefix() && term.iri() != null && !term.iri().startsWith("@")) {
                found.add(Map.entry(name, term.iri()));
            }
        });
        found.sort(Map.Entry.comparingByKey(BY_LENGTH));
        this.prefixes = List.copyOf(found);
    }

    private static final Comparator<String> BY_LENGTH =
            Comparator.comparingInt(String::length).thenComparing(Comparator.naturalOrder());

    private static Map<String, String> inverse(Map<String, Term> terms) {
        Map<String, String> best = new HashMap<>();
        terms.entrySet().stream()
                .filter(e -> e.getValue().iri() != null && !e.getValue().reverse())
                .sorted(Comparator.comparing(
                                (Map.Entry<String, Term> e) -> !e.getValue().isPlain())
                        .thenComparing(Map.Entry.comparingByKey(BY_LENGTH)))
                .forEach(e -> {
                    String iri = e.getValue().iri();
                    if (iri != null) {
                        best.putIfAbsent(iri, e.getKey());
                    }
                });
        return Map.copyOf(best);
    }

    /** What a Link header or an {@code @context} member says: the URL, array or object this was compiled from. */
    public Value source() {
        return source;
    }

    /** What the context says about a term, or null if it does not define it. */
    public @Nullable Term term(String name) {
        return terms.get(name);
    }

    /** The terms it defines, those of the core included. */
    public Map<String, Term> terms() {
        return terms;
    }

    /**
     * The IRI of a type, an attribute or a vocabulary value. A name that no term, prefix or scheme explains falls into the default
     * vocabulary. {@code id} and {@code type} give the keywords {@code @id} and {@code @type}.
     */
    public String expand(String term) {
        String known = expanded.get(term);
        if (known != null) {
            return known;
        }
        String iri = computeExpanded(term);
        if (expanded.size() < MEMO_ENTRIES) {
            String earlier = expanded.putIfAbsent(term, iri);
            return earlier == null ? iri : earlier;
        }
        return iri;
    }

    private String computeExpanded(String name) {
        Term term = terms.get(name);
        if (term != null && term.iri() != null) {
            return term.iri();
        }
        if (ContextCompiler.isKeyword(name)) {
            return name;
        }
        int colon = name.indexOf(':');
        if (colon > 0) {
            String suffix = name.substring(colon + 1);
            Term prefix = terms.get(name.substring(0, colon));
            if (!suffix.startsWith("//") && prefix != null && prefix.iri() != null && prefix.prefix()) {
                return prefix.iri() + suffix;
            }
            return name;
        }
        return NgsiLd.DEFAULT_CONTEXT + name;
    }

    /** The shortest name that {@link #expand} turns back into the IRI; the IRI itself if there is none. */
    public String compact(String iri) {
        String known = compacted.get(iri);
        if (known != null) {
            return known;
        }
        String name = computeCompacted(iri);
        if (compacted.size() < MEMO_ENTRIES) {
            compacted.put(iri, name);
        }
        return name;
    }

    private String computeCompacted(String iri) {
        String term = inverse.get(iri);
        if (term != null) {
            return term;
        }
        if (iri.startsWith(NgsiLd.DEFAULT_CONTEXT)) {
            String name = iri.substring(NgsiLd.DEFAULT_CONTEXT.length());
            if (!name.isEmpty() && !terms.containsKey(name) && expand(name).equals(iri)) {
                return name;
            }
        }
        String best = null;
        for (Map.Entry<String, String> prefix : prefixes) {
            if (iri.length() > prefix.getValue().length() && iri.startsWith(prefix.getValue())) {
                String name =
                        prefix.getKey() + ":" + iri.substring(prefix.getValue().length());
                if ((best == null || BY_LENGTH.compare(name, best) < 0)
                        && !terms.containsKey(name)
                        && expand(name).equals(iri)) {
                    best = name;
                }
            }
        }
        return best == null ? iri : best;
    }

    /** The compacted name as JSON, quoted and with its colon, for {@link JsonWriter#rawName}. Must not be modified. */
    public byte[] encodedName(String iri) {
        byte[] known = encoded.get(iri);
        if (known == null) {
            known = JsonWriter.encodedName(compact(iri));
            if (encoded.size() < MEMO_ENTRIES) {
                encoded.put(iri, known);
            }
        }
        return known;
    }

    /** A value with its member names and types expanded. Members under terms of type {@code @json} and JSON literals stay as they are. */
    public Value expandValue(Value value) {
        if (value instanceof Value.Array a) {
            return map(a, this::expandValue);
        }
        if (!(value instanceof Value.Obj o) || isJsonLiteral(o)) {
            return value;
        }
        Map<String, Value> members = new LinkedHashMap<>();
        o.members().forEach((name, member) -> {
            String key = name.startsWith("@") ? name : expand(name);
            members.put(key, expandMember(name, key, member));
        });
        return new Value.Obj(members);
    }

    private Value expandMember(String name, String key, Value member) {
        if (key.equals("@type")) {
            return types(member, this::expand);
        }
        Term term = terms.get(name);
        return term != null && "@json".equals(term.type()) ? member : expandValue(member);
    }

    /** The reverse of {@link #expandValue}. */
    public Value compactValue(Value value) {
        if (value instanceof Value.Array a) {
            return map(a, this::compactValue);
        }
        if (!(value instanceof Value.Obj o) || isJsonLiteral(o)) {
            return value;
        }
        boolean valueObject = o.get("@value") != null;
        Map<String, Value> members = new LinkedHashMap<>();
        o.members().forEach((key, member) -> {
            String name = valueObject && key.equals("@type") ? key : compact(key);
            Term term = terms.get(name);
            Value inside = key.equals("@type")
                    ? types(member, this::compact)
                    : term != null && "@json".equals(term.type()) ? member : compactValue(member);
            members.put(members.containsKey(name) ? key : name, inside);
        });
        return new Value.Obj(members);
    }

    private static boolean isJsonLiteral(Value.Obj object) {
        return Value.of("@json").equals(object.get("@type")) && object.members().containsKey("@value");
    }

    private static Value types(Value value, java.util.function.UnaryOperator<String> change) {
        if (value instanceof Value.Text t) {
            return new Value.Text(change.apply(t.text()));
        }
        return value instanceof Value.Array a ? map(a, v -> types(v, change)) : value;
    }

    private static Value map(Value.Array array, java.util.function.UnaryOperator<Value> change) {
        List<Value> items = new ArrayList<>(array.items().size());
        boolean same = true;
        for (Value item : array.items()) {
            Value changed = change.apply(item);
            same &= changed == item;
            items.add(changed);
        }
        return same ? array : new Value.Array(items);
    }

    @Override
    public String toString() {
        return "Context[" + JsonWriter.text(source) + "]";
    }
}
