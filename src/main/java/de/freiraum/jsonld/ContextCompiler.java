package de.freiraum.jsonld;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Value;
import java.net.URI;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Context processing of JSON-LD 1.1 (sections 4.1 and 4.2 of its API), for contexts whose remote parts are at hand. Differs in what NGSI-LD
 * asks for: the core context may stand anywhere, and comes last whatever the document says; scoped contexts are refused where a request
 * carries them and ignored in remote documents, where they can do no harm.
 */
final class ContextCompiler {
    static final int MAX_DEPTH = 5;

    private static final int MAX_TERMS = 20_000;
    private static final Set<String> KEYWORDS = Set.of(
            "@base",
            "@container",
            "@context",
            "@direction",
            "@graph",
            "@id",
            "@import",
            "@included",
            "@index",
            "@json",
            "@language",
            "@list",
            "@nest",
            "@none",
            "@prefix",
            "@propagate",
            "@protected",
            "@reverse",
            "@set",
            "@type",
            "@value",
            "@version",
            "@vocab");
    private static final Set<String> DEFINITION_KEYS = Set.of(
            "@id",
            "@reverse",
            "@container",
            "@context",
            "@direction",
            "@index",
            "@language",
            "@nest",
            "@prefix",
            "@protected",
            "@type");
    private static final Set<String> CONTEXT_KEYS =
            Set.of("@base", "@direction", "@import", "@language", "@propagate", "@protected", "@version", "@vocab");
    private static final Set<String> CONTAINERS =
            Set.of("@graph", "@id", "@index", "@language", "@list", "@set", "@type");

    private final Function<String, @Nullable Value> documents;
    private final Map<String, Term> core;
    private final Map<String, Term> terms = new LinkedHashMap<>();
    private @Nullable String vocab;

    private ContextCompiler(Function<String, @Nullable Value> documents, Map<String, Term> core) {
        this.documents = documents;
        this.core = core;
    }

    /** The terms of the core context itself. */
    static Map<String, Term> compileCore(Value context) {
        ContextCompiler compiler = new ContextCompiler(url -> null, Map.of());
        compiler.process(context, "https://uri.etsi.org/", 1, new HashSet<>());
        return Map.copyOf(compiler.terms);
    }

    /**
     * The terms of a context, with those of the core over them.
     *
     * @param context what the request says: URL, array, object or null
     * @param documents the {@code @context} of each remote document that is needed, by absolute URL
     * @throws NgsiLdException BadRequestData if the context is broken
     */
    static Map<String, Term> compile(
            Value context, Function<String, @Nullable Value> documents, Map<String, Term> core) {
        ContextCompiler compiler = new ContextCompiler(documents, core);
        compiler.process(context, null, 0, new HashSet<>());
        compiler.terms.putAll(core);
        return compiler.terms;
    }

    static boolean isKeyword(String name) {
        return KEYWORDS.contains(name);
    }

    /**
     * Checks that a value can be a context at all: a URL, an object, null, or an array of those.
     *
     * @throws NgsiLdException BadRequestData
     */
    static void checkShape(Value context) {
        if (context instanceof Value.Array a) {
            for (Value item : a.items()) {
                if (item instanceof Value.Array) {
                    throw broken("an array in @context holds no arrays");
                }
                checkShape(item);
            }
        } else if (context instanceof Value.Num || context instanceof Value.Bool) {
            throw broken("@context is a URL, an object, or an array of those");
        } else if (context instanceof Value.Text t && t.text().isBlank()) {
            throw broken("a URL in @context is not empty");
        }
    }

    /** The absolute URL of a reference from a context. */
    static String resolve(String reference, @Nullable String base) {
        try {
            URI uri = base == null ? new URI(reference) : new URI(base).resolve(new URI(reference));
            if (uri.isAbsolute() && uri.getSchemeSpecificPart() != null) {
                return uri.toString();
            }
        } catch (java.net.URISyntaxException e) {
            // falls through to the one error
        }
        throw broken("\"" + clip(reference) + "\" is no absolute URL");
    }

    private void process(Value context, @Nullable String base, int depth, Set<String> chain) {
        if (context instanceof Value.Array a) {
            checkShape(a);
            for (Value item : a.items()) {
                process(item, base, depth, chain);
            }
        } else if (context instanceof Value.Null) {
            terms.clear();
            vocab = null;
        } else if (context instanceof Value.Text t) {
            remote(t.text(), base, depth, chain);
        } else if (context instanceof Value.Obj o) {
            object(o, base, depth);
        } else {
            checkShape(context);
        }
    }

    private void remote(String reference, @Nullable String base, int depth, Set<String> chain) {
        String url = resolve(reference, base);
        if (BuiltInContexts.isCore(url)) {
            terms.putAll(core);
            vocab = de.freiraum.model.NgsiLd.DEFAULT_CONTEXT;
            return;
        }
        Value document = document(url, depth);
        if (!chain.add(url)) {
            throw broken("the context " + clip(url) + " includes itself");
        }
        process(document, url, depth + 1, chain);
        chain.remove(url);
    }

    private Value document(String url, int depth) {
        if (depth >= MAX_DEPTH) {
            throw broken("remote contexts nest at most " + MAX_DEPTH + " deep; " + clip(url) + " is deeper");
        }
        Value document = documents.apply(url);
        if (document == null) {
            throw new NgsiLdException(
                    ErrorType.LdContextNotAvailable, "the context " + clip(url) + " cannot be retrieved");
        }
        return document;
    }

    private void object(Value.Obj given, @Nullable String base, int depth) {
        Value.Obj local = given;
        Value imported = given.get("@import");
        if (imported != null) {
            String url = resolve(text(imported, "@import"), base);
            if (!(document(url, depth) instanceof Value.Obj first) || first.get("@import") != null) {
                throw broken("@import names a document whose @context is one object without @import");
            }
            Map<String, Value> merged = new LinkedHashMap<>(first.members());
            merged.putAll(given.members());
            local = new Value.Obj(merged);
        }
        settings(local);
        Definitions definitions = new Definitions(local, depth > 0);
        for (String term : local.members().keySet()) {
            if (!CONTEXT_KEYS.contains(term)) {
                definitions.define(term);
            }
        }
        if (terms.size() > MAX_TERMS) {
            throw broken("a context has at most " + MAX_TERMS + " terms");
        }
    }

    private void settings(Value.Obj local) {
        Value version = local.get("@version");
        if (version != null && !(version instanceof Value.Num n && n.asDouble() == 1.1)) {
            throw broken("@version is 1.1");
        }
        for (String flag : Set.of("@propagate", "@protected")) {
            if (local.get(flag) != null && !(local.get(flag) instanceof Value.Bool)) {
                throw broken(flag + " is true or false");
            }
        }
        for (String text : Set.of("@base", "@language", "@direction")) {
            Value v = local.get(text);
            if (v != null && !(v instanceof Value.Text) && !(v instanceof Value.Null)) {
                throw broken(text + " is a string or null");
            }
        }
        Value v = local.get("@vocab");
        if (v instanceof Value.Null) {
            vocab = null;
        } else if (v != null) {
            String text = text(v, "@vocab");
            String iri = text.isEmpty() ? (vocab == null ? "" : vocab) : new Definitions(local, true).iri(text, false);
            if (!isAbsolute(iri)) {
                throw broken("@vocab is an absolute IRI; found \"" + clip(text) + "\"");
            }
            vocab = iri;
        }
    }

    /** The terms of one context object, which may refer to each other in any order. */
    private final class Definitions {
        private final Value.Obj local;
        private final boolean remote;
        private final boolean protectAll;
        /** False while a term is being defined, true afterwards. */
        private final Map<String, Boolean> defined = new HashMap<>();

        Definitions(Value.Obj local, boolean remote) {
            this.local = local;
            this.remote = remote;
            this.protectAll = Value.Bool.TRUE.equals(local.get("@protected"));
        }

        void define(String name) {
            Boolean state = defined.get(name);
            Value value = local.get(name);
            if (Boolean.TRUE.equals(state) || value == null) {
                return;
            }
            if (state != null) {
                throw broken("the term \"" + clip(name) + "\" is defined by itself");
            }
            if (name.isEmpty()) {
                throw broken("a term is not empty");
            }
            defined.put(name, false);
            Term term = term(name, value);
            if (term != null) {
                Term previous = terms.get(name);
                if (previous != null && previous.isProtected() && !core.containsKey(name)) {
                    if (!previous.sameAs(term)) {
                        throw broken("the term \"" + clip(name) + "\" is protected and cannot be defined again");
                    }
                    term = previous;
                }
                terms.put(name, term);
            }
            defined.put(name, true);
        }

        private @Nullable Term term(String name, Value value) {
            if (name.equals("@type")) {
                return typeKeyword(value);
            }
            if (isKeyword(name)) {
                throw broken("the keyword " + name + " cannot be a term");
            }
            if (looksLikeKeyword(name)) {
                return null;
            }
            if (value instanceof Value.Null) {
                return new Term(null, null, Set.of(), false, false, protectAll);
            }
            if (value instanceof Value.Text t) {
                return definition(name, new Value.Obj(Map.of("@id", t)), true);
            }
            if (value instanceof Value.Obj o) {
                return definition(name, o, false);
            }
            throw broken("the term \"" + clip(name) + "\" is defined by an IRI, an object or null");
        }

        private @Nullable Term typeKeyword(Value value) {
            if (value instanceof Value.Obj o
                    && !o.members().isEmpty()
                    && Set.of("@container", "@protected")
                            .containsAll(o.members().keySet())
                    && (o.get("@container") == null || Value.of("@set").equals(o.get("@container")))) {
                return null;
            }
            throw broken("the keyword @type cannot be a term");
        }

        private @Nullable Term definition(String name, Value.Obj o, boolean simple) {
            for (String key : o.members().keySet()) {
                if (!DEFINITION_KEYS.contains(key)) {
                    throw broken("the term \"" + clip(name) + "\" has an unknown member \"" + clip(key) + "\"");
                }
            }
            if (o.get("@context") != null && !remote) {
                throw broken("the term \"" + clip(name)
                        + "\" has a scoped @context, which is not allowed in a user @context (clause 5.5.7)");
            }
            boolean locked = protectAll;
            Value flag = o.get("@protected");
            if (flag instanceof Value.Bool b) {
                locked = b.truth();
            } else if (flag != null) {
                throw broken("@protected of the term \"" + clip(name) + "\" is true or false");
            }
            String type = type(name, o.get("@type"));
            Set<String> container = container(name, o.get("@container"));
            Value reverse = o.get("@reverse");
            if (reverse != null) {
                if (o.get("@id") != null || o.get("@nest") != null) {
                    throw broken("the term \"" + clip(name) + "\" has @reverse beside @id or @nest");
                }
                String iri = iri(text(reverse, "@reverse"), true);
                if (!isAbsolute(iri)) {
                    throw broken("@reverse of the term \"" + clip(name) + "\" is no IRI");
                }
                return new Term(iri, type, container, true, false, locked);
            }
            Value id = o.get("@id");
            if (id instanceof Value.Null) {
                return new Term(null, type, container, false, false, locked);
            }
            String iri = id == null || Value.of(name).equals(id) ? ownIri(name) : namedIri(name, text(id, "@id"));
            if (iri == null) {
                return null;
            }
            return new Term(iri, type, container, false, prefix(name, iri, o.get("@prefix"), simple), locked);
        }

        private @Nullable String namedIri(String name, String id) {
            if (!isKeyword(id) && looksLikeKeyword(id)) {
                return null;
            }
            String iri = iri(id, true);
            if (iri.equals("@context")) {
                throw broken("the term \"" + clip(name) + "\" cannot be an alias of @context");
            }
            if (!isKeyword(iri) && !isAbsolute(iri)) {
                throw noIri(name);
            }
            if ((name.indexOf(':', 1) > 0 && !name.endsWith(":")) || name.indexOf('/') >= 0) {
                defined.put(name, true);
                String meant = iri(name, true);
                if (!meant.equals(iri)) {
                    throw broken("the term \"" + clip(name) + "\" looks like an IRI and is defined as another");
                }
            }
            return iri;
        }

        private String ownIri(String name) {
            int colon = name.indexOf(':', 1);
            if (colon > 0) {
                String prefix = name.substring(0, colon);
                define(prefix);
                Term term = terms.get(prefix);
                return term != null && term.iri() != null ? term.iri() + name.substring(colon + 1) : name;
            }
            if (vocab != null) {
                return vocab + name;
            }
            throw noIri(name);
        }

        private boolean prefix(String name, String iri, @Nullable Value flag, boolean simple) {
            boolean possible = name.indexOf(':') < 0 && name.indexOf('/') < 0;
            if (flag == null) {
                return possible
                        && simple
                        && !iri.isEmpty()
                        && (":/?#[]@".indexOf(iri.charAt(iri.length() - 1)) >= 0 || iri.startsWith("_:"));
            }
            if (!(flag instanceof Value.Bool b) || !possible || (b.truth() && isKeyword(iri))) {
                throw broken("@prefix of the term \"" + clip(name)
                        + "\" is true or false, and only for terms without : and /");
            }
            return b.truth();
        }

        private @Nullable String type(String name, @Nullable Value value) {
            if (value == null) {
                return null;
            }
            String type = iri(text(value, "@type"), true);
            if (Set.of("@id", "@vocab", "@json", "@none").contains(type) || isAbsolute(type)) {
                return type;
            }
            throw broken("@type of the term \"" + clip(name) + "\" is @id, @vocab, @json, @none or an IRI");
        }

        private Set<String> container(String name, @Nullable Value value) {
            Set<String> found = new HashSet<>();
            if (value instanceof Value.Text t) {
                found.add(t.text());
            } else if (value instanceof Value.Array a) {
                a.items().forEach(item -> found.add(text(item, "@container")));
            } else if (value != null && !(value instanceof Value.Null)) {
                throw broken("@container of the term \"" + clip(name) + "\" is a string or an array of strings");
            }
            if (!CONTAINERS.containsAll(found)) {
                throw broken("@container of the term \"" + clip(name) + "\" is one of "
                        + CONTAINERS.stream().sorted().toList());
            }
            return found;
        }

        /** IRI expansion relative to the vocabulary (section 5.2 of the JSON-LD API). */
        String iri(String text, boolean dependencies) {
            if (isKeyword(text) || looksLikeKeyword(text)) {
                return text;
            }
            if (dependencies && !Boolean.TRUE.equals(defined.get(text))) {
                define(text);
            }
            Term term = terms.get(text);
            if (term != null && term.iri() != null) {
                return term.iri();
            }
            int colon = text.indexOf(':', 1);
            if (colon > 0) {
                String suffix = text.substring(colon + 1);
                String prefix = text.substring(0, colon);
                if (prefix.equals("_") || suffix.startsWith("//")) {
                    return text;
                }
                if (dependencies && !Boolean.TRUE.equals(defined.get(prefix))) {
                    define(prefix);
                }
                Term start = terms.get(prefix);
                return start != null && start.iri() != null && start.prefix() ? start.iri() + suffix : text;
            }
            return vocab == null ? text : vocab + text;
        }
    }

    private static boolean looksLikeKeyword(String text) {
        if (text.length() < 2 || text.charAt(0) != '@') {
            return false;
        }
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!isLetter(c)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    private static boolean isAbsolute(String iri) {
        int colon = iri.indexOf(':');
        if (colon <= 0) {
            return false;
        }
        for (int i = 0; i < colon; i++) {
            char c = iri.charAt(i);
            boolean other = (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
            if (!isLetter(c) && c != '_' && (i == 0 || !other)) {
                return false;
            }
        }
        for (int i = colon; i < iri.length(); i++) {
            char c = iri.charAt(i);
            if (c <= ' ' || c == '<' || c == '>' || c == '"') {
                return false;
            }
        }
        return true;
    }

    private static String text(Value value, String what) {
        if (value instanceof Value.Text t) {
            return t.text();
        }
        throw broken(what + " is a string");
    }

    private static NgsiLdException noIri(String name) {
        return broken("the term \"" + clip(name) + "\" is not defined by an absolute IRI");
    }

    static NgsiLdException broken(String what) {
        return NgsiLdException.badRequest("the @context is broken: " + what);
    }

    static String clip(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100);
    }
}
