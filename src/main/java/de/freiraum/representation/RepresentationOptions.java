package de.freiraum.representation;

import de.freiraum.jsonld.Context;
import de.freiraum.model.NgsiLd;
import de.freiraum.query.Projection;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an entity is shown. Two equal options with the same compiled context give the same bytes.
 *
 * @param context compacts names
 * @param form normalized, concise or simplified
 * @param sysAttrs whether {@code createdAt}, {@code modifiedAt} and {@code expiresAt} are shown (clause 6.3.11)
 * @param language turns LanguageProperties into Properties of one language (clause 4.15), or null
 * @param projection which members are shown (clause 4.21)
 * @param datasetIds the instances shown, {@code @none} for default ones; empty: all
 * @param geoJson shows GeoJSON Features (clauses 4.5.16, 4.5.17), or null
 * @param contextInBody whether the body carries the {@code @context}
 */
public record RepresentationOptions(
        Context context,
        Form form,
        boolean sysAttrs,
        @Nullable LanguageFilter language,
        Projection projection,
        Set<String> datasetIds,
        @Nullable GeoJson geoJson,
        boolean contextInBody) {

    /** The three ways to write attributes. */
    public enum Form {
        /** Clause 4.5.2.2 and its like. */
        NORMALIZED,
        /** Clause 4.5.2.3 and its like. */
        CONCISE,
        /** Clause 4.5.4, also called keyValues. */
        SIMPLIFIED
    }

    /**
     * What GeoJSON needs to know.
     *
     * @param geometryProperty IRI of the GeoProperty that becomes the geometry
     * @param datasetId which of its instances, or null for the default one
     */
    public record GeoJson(String geometryProperty, @Nullable String datasetId) {
        /** The location. */
        public static final GeoJson LOCATION = new GeoJson(NgsiLd.LOCATION, null);
    }

    /** Copies the set. */
    public RepresentationOptions {
        datasetIds = Set.copyOf(datasetIds);
    }

    /** Normalized, everything but system attributes, without {@code @context} in the body. */
    public static RepresentationOptions of(Context context) {
        return new RepresentationOptions(context, Form.NORMALIZED, false, null, Projection.ALL, Set.of(), null, false);
    }

    /** The same with another context. */
    public RepresentationOptions withContext(Context other) {
        return new RepresentationOptions(
                other, form, sysAttrs, language, projection, datasetIds, geoJson, contextInBody);
    }

    /** The same in another form. */
    public RepresentationOptions withForm(Form other) {
        return new RepresentationOptions(
                context, other, sysAttrs, language, projection, datasetIds, geoJson, contextInBody);
    }

    /** The same with or without system attributes. */
    public RepresentationOptions withSysAttrs(boolean shown) {
        return new RepresentationOptions(
                context, form, shown, language, projection, datasetIds, geoJson, contextInBody);
    }

    /** The same with a language filter. */
    public RepresentationOptions withLanguage(@Nullable LanguageFilter filter) {
        return new RepresentationOptions(
                context, form, sysAttrs, filter, projection, datasetIds, geoJson, contextInBody);
    }

    /** The same with another projection. */
    public RepresentationOptions withProjection(Projection other) {
        return new RepresentationOptions(context, form, sysAttrs, language, other, datasetIds, geoJson, contextInBody);
    }

    /** The same for instances of these datasets only. */
    public RepresentationOptions withDatasetIds(Set<String> ids) {
        return new RepresentationOptions(context, form, sysAttrs, language, projection, ids, geoJson, contextInBody);
    }

    /** The same as GeoJSON, or not. */
    public RepresentationOptions withGeoJson(@Nullable GeoJson other) {
        return new RepresentationOptions(
                context, form, sysAttrs, language, projection, datasetIds, other, contextInBody);
    }

    /** The same with or without {@code @context} in the body. */
    public RepresentationOptions withContextInBody(boolean inBody) {
        return new RepresentationOptions(context, form, sysAttrs, language, projection, datasetIds, geoJson, inBody);
    }
}
