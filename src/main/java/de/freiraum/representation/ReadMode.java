package de.freiraum.representation;

/** What a document is read for; decides what it must hold, and whether NGSI-LD Null may ask for deletions (clause 5.5.4). */
public enum ReadMode {
    /** A whole entity: id, type and values are required, no Null. */
    CREATE(true, true, Nulls.NONE, false),
    /** Attributes to append or to replace existing ones with: values are required, no Null. */
    APPEND(false, true, Nulls.NONE, false),
    /** Update of attributes (5.6.2): values are required, Null deletes an attribute instance. */
    UPDATE(false, true, Nulls.ATTRIBUTES, false),
    /** Partial update of one attribute (5.6.4): the value may be missing, Null deletes members. */
    PARTIAL(false, false, Nulls.ATTRIBUTES, false),
    /** Merge patch (5.6.17): anything may be missing, Null deletes at any depth, inside JSON values too. */
    MERGE(false, false, Nulls.EVERYWHERE, false),
    /** The temporal evolution of an entity (5.2.20): an attribute may have many instances of one dataset; Null marks deletions. */
    TEMPORAL(false, true, Nulls.ATTRIBUTES, false),
    /** An entity as another broker sent it: as temporal, and system times and instance ids are taken over. */
    FOREIGN(true, true, Nulls.ATTRIBUTES, true);

    /** Where NGSI-LD Null may stand. */
    private enum Nulls {
        NONE,
        ATTRIBUTES,
        EVERYWHERE
    }

    private final boolean whole;
    private final boolean values;
    private final Nulls nulls;
    private final boolean systemMembers;

    ReadMode(boolean whole, boolean values, Nulls nulls, boolean systemMembers) {
        this.whole = whole;
        this.values = values;
        this.nulls = nulls;
        this.systemMembers = systemMembers;
    }

    boolean needsIdAndType() {
        return whole;
    }

    boolean needsValues() {
        return values;
    }

    boolean allowsNull() {
        return nulls != Nulls.NONE;
    }

    boolean allowsNullInValues() {
        return nulls == Nulls.EVERYWHERE;
    }

    /** Whether members and sub-attributes can be deleted one by one. */
    boolean patchesMembers() {
        return !values;
    }

    boolean takesSystemMembers() {
        return systemMembers;
    }

    boolean repeatsInstances() {
        return this == TEMPORAL || this == FOREIGN;
    }
}
