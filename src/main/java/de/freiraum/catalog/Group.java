package de.freiraum.catalog;

import de.freiraum.model.Attribute;
import de.freiraum.model.Entity;
import de.freiraum.model.Value;
import de.freiraum.query.QExpression;
import de.freiraum.query.QParser;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Those entities of a type that belong to one place, such as the spots of a car park.
 *
 * @param attribute IRI of the Relationship by which they belong to it
 * @param target URI of the place
 * @param name of the place
 */
public record Group(String attribute, String target, String name) {

    /** The group's part of a dataset's id: the end of the place's URI, and a piece of its hash that tells places of one name apart. */
    String id() {
        return Kinds.id(target, Kinds.localName(target));
    }

    /** The condition that its entities meet. */
    public QExpression condition() {
        return QParser.parse('<' + attribute + ">==\"" + target + '"', UnaryOperator.identity());
    }

    /** The place that an entity belongs to, or null if it is none or not one alone. */
    static @Nullable String targetOf(Entity entity, String attribute) {
        return entity.defaultInstance(attribute) instanceof Attribute.Relationship relationship
                        && relationship.objects().size() == 1
                ? relationship.objects().get(0)
                : null;
    }

    /** The name that an entity has, or null. */
    static @Nullable String nameOf(Entity entity, List<String> attributes) {
        for (String attribute : attributes) {
            if (entity.defaultInstance(attribute) instanceof Attribute.Property property
                    && property.value() instanceof Value.Text text
                    && !text.text().isBlank()) {
                return text.text();
            }
        }
        return null;
    }
}
