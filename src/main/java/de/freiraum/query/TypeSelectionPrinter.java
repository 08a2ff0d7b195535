package de.freiraum.query;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** Writes type selections in their language (clause 4.17). */
public final class TypeSelectionPrinter {
    private TypeSelectionPrinter() {}

    /**
     * The selection as text; what the language cannot say is left out of it.
     *
     * @param compact gives the name of an IRI
     */
    public static String print(TypeSelection selection, UnaryOperator<String> compact) {
        if (selection instanceof TypeSelection.Type type) {
            return compact.apply(type.iri());
        }
        if (selection instanceof TypeSelection.And and) {
            return joined(
                    and.all().stream()
                            .filter(part ->
                                    !(part instanceof TypeSelection.NoneOf || part instanceof TypeSelection.Only))
                            .toList(),
                    ";",
                    compact);
        }
        if (selection instanceof TypeSelection.Or or) {
            return joined(or.any(), ",", compact);
        }
        return "*";
    }

    private static String joined(List<TypeSelection> parts, String operator, UnaryOperator<String> compact) {
        if (parts.size() == 1) {
            return print(parts.get(0), compact);
        }
        return parts.stream()
                .map(part ->
                        part instanceof TypeSelection.Type ? print(part, compact) : "(" + print(part, compact) + ")")
                .collect(Collectors.joining(operator));
    }
}
