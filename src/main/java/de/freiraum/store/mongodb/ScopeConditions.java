package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.query.ScopeQuery;
import java.util.stream.Collectors;
import org.bson.conversions.Bson;

/** Conditions on scopes (clause 4.19). Stored scopes start with a slash. */
final class ScopeConditions {
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
        String levels = match.levels().stream()
                .map(level -> level.equals("+") ? "/[^/]*" : "/" + quoted(level))
                .collect(Collectors.joining());
        if (!match.andBelow() && !match.levels().contains("+") && !levels.isEmpty()) {
            return Filters.eq(EntityDocument.SCOPES, "/" + String.join("/", match.levels()));
        }
        if (levels.isEmpty()) {
            return Filters.exists(EntityDocument.SCOPES + ".0");
        }
        return Filters.regex(EntityDocument.SCOPES, "^" + levels + (match.andBelow() ? "(/|\\z)" : "\\z"));
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
