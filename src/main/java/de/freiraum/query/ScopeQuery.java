package de.freiraum.query;

import java.util.List;
import java.util.stream.Collectors;

/** A condition on the scopes of an entity (clause 4.19). Read by {@link ScopeQueryParser}. */
public sealed interface ScopeQuery {

    /** Whether an entity with these scopes meets the condition. */
    boolean matches(List<String> scopes);

    /** The condition as it is written. */
    String print();

    /**
     * A scope with levels as given; {@code /#} alone has no level and means any scope.
     *
     * @param levels names, or {@code +} for any one level
     * @param andBelow whether the scopes below match too ({@code /#})
     */
    record Match(List<String> levels, boolean andBelow) implements ScopeQuery {
        /** Copies the list. */
        public Match {
            levels = List.copyOf(levels);
        }

        @Override
        public boolean matches(List<String> scopes) {
            for (int i = 0; i < scopes.size(); i++) {
                if (matches(scopes.get(i))) {
                    return true;
                }
            }
            return false;
        }

        /** A scope counts the same with and without the slash at its start. */
        private boolean matches(String scope) {
            int at = scope.startsWith("/") ? 1 : 0;
            for (int i = 0; i < levels.size(); i++) {
                if (at > scope.length()) {
                    return false;
                }
                int slash = scope.indexOf('/', at);
                int end = slash < 0 ? scope.length() : slash;
                String level = levels.get(i);
                if (!level.equals("+") && !(level.length() == end - at && scope.startsWith(level, at))) {
                    return false;
                }
                at = end + 1;
            }
            return andBelow || at > scope.length();
        }

        @Override
        public String print() {
            return levels.stream().map(level -> "/" + level).collect(Collectors.joining()) + (andBelow ? "/#" : "");
        }
    }

    /** All of several, each by any of the entity's scopes. */
    record And(List<ScopeQuery> all) implements ScopeQuery {
        /** Copies the list. */
        public And {
            all = List.copyOf(all);
        }

        @Override
        public boolean matches(List<String> scopes) {
            for (int i = 0; i < all.size(); i++) {
                if (!all.get(i).matches(scopes)) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public String print() {
            return all.stream()
                    .map(part -> part instanceof Match ? part.print() : "(" + part.print() + ")")
                    .collect(Collectors.joining(";"));
        }
    }

    /** One of several. */
    record Or(List<ScopeQuery> any) implements ScopeQuery {
        /** Copies the list. */
        public Or {
            any = List.copyOf(any);
        }

        @Override
        public boolean matches(List<String> scopes) {
            for (int i = 0; i < any.size(); i++) {
                if (any.get(i).matches(scopes)) {
                    return true;
                }
            }
            return false;
        }

        @Override
        public String print() {
            return any.stream()
                    .map(part -> part instanceof Match ? part.print() : "(" + part.print() + ")")
                    .collect(Collectors.joining("|"));
        }
    }
}
