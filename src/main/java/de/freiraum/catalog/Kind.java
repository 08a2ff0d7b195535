package de.freiraum.catalog;

import de.freiraum.jsonld.Context;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the datasets of an entity type are about, in every city.
 *
 * @param type IRI of the type
 * @param id the type's part of a dataset's id: letters, digits and {@code _}
 * @param title to which the city is added
 * @param description a few sentences
 * @param keywords in both languages
 * @param themes codes of the EU's data themes
 * @param frequency code of the EU's frequencies: how often the current state changes
 * @param context gives attributes their short names
 * @param columns attributes that every table has, in their order, by short name
 * @param groupBy IRI of the Relationship to the places by which there are datasets too, or null
 * @param hvdCategory IRI of the category of high-value datasets, or null
 * @param licence under which the data may be used
 * @param history whether what was observed before is published as well
 */
public record Kind(
        String type,
        String id,
        Text title,
        Text description,
        Keywords keywords,
        List<String> themes,
        String frequency,
        Context context,
        List<String> columns,
        @Nullable String groupBy,
        @Nullable URI hvdCategory,
        Licence licence,
        boolean history) {

    /**
     * Keywords.
     *
     * @param de German
     * @param en English
     */
    public record Keywords(List<String> de, List<String> en) {
        /** Copies the lists. */
        public Keywords {
            de = List.copyOf(de);
            en = List.copyOf(en);
        }

        /** Those of one language. */
        public List<String> in(Language language) {
            return language == Language.DE ? de : en;
        }
    }

    /** Copies the lists. */
    public Kind {
        themes = List.copyOf(themes);
        columns = List.copyOf(columns);
    }
}
