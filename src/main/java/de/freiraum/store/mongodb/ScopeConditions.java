package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.query.ScopeQuery;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.conversions.Bson;

/** Conditions on scopes (clause 4.19). Stored scopes start with a slash. */
final class ScopeConditions {
    private static final String BEHIND_SLASH = "0";

    private ScopeConditions() {}

    static Condition of(ScopeQuery query) {
        if (query instanceof ScopeQuery.And and) {
            return Condition.allOf(and.all().stream().map(ScopeConditions::of).toList());
        }
        if (query instanceof ScopeQuery.Or or) {
            return Condition.anyOf(or.any().stream().map(ScopeConditions::of).toList());
        }
        ScopeQuery.Match match = (ScopeQuery.Match) query;
        return match.levels().isEmpty() && !match.andBelow() ? Condition.NEVER : Condition.exactly(match(match));
    }

    private static Bson match(ScopeQuery.Match match) {
        if (match.levels().isEmpty()) {
            return Filters.exists(EntityDocument.SCOPES + ".0");
        }
        if (match.levels().contains("+")) {
            String levels = match.levels().stream()
                    .map(level -> level.equals("+") ? "/[^/]*" : "/" + quoted(level))
                    .collect(Collectors.joining());
            return Filters.regex(EntityDocument.SCOPES, "^" + levels + (match.andBelow() ? "(/|\\z)" : "\\z"));
        }
        String scope = "/" + String.join("/", match.levels());
        Bson itself = Filters.eq(EntityDocument.SCOPES, scope);
        return match.andBelow()
                ? Filters.or(
                        itself,
                        Filters.elemMatch(
                                EntityDocument.SCOPES,
                                new Document("$gte", scope + "/").append("$lt", scope + BEHIND_SLASH)))
                : itself;
    }

    /** Every character that could mean something is taken literally. */
    private static String quoted(String level) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < level.length(); i++) {
            char c = level.charAt(i);
            boolean plain = c > 0x7f || Character.isLetterOrDigit(c) || c == '_';
            out.append(plain ? "" : "\\").append(c);
        }
        return out.toString();
    }
}
