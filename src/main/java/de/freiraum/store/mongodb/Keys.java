package de.freiraum.store.mongodb;

import com.mongodb.client.model.Filters;
import de.freiraum.model.Tenant;
import org.bson.conversions.Bson;

/**
 * Keys of documents: parts joined by a line feed, which stands in no tenant, URI or collection name. They are ordered by their UTF-8 bytes, so
 * that everything that starts with the same parts is one range.
 */
final class Keys {
    static final String SEPARATOR = "\n";
    private static final String BEHIND_SEPARATOR = "\u000b";

    private Keys() {}

    /** The key of an entity and of its evolution. */
    static String entity(Tenant tenant, String entityId) {
        return tenant.partition() + SEPARATOR + entityId;
    }

    /** The entity of such a key. */
    static String entityId(String key) {
        return key.substring(key.indexOf(SEPARATOR) + 1);
    }

    static Tenant tenantOf(String key) {
        return Tenant.ofPartition(key.substring(0, key.indexOf(SEPARATOR)));
    }

    static String document(Tenant tenant, String collection, String key) {
        return documents(tenant, collection) + SEPARATOR + key;
    }

    static String documents(Tenant tenant, String collection) {
        return tenant.partition() + SEPARATOR + collection;
    }

    /** Takes the parts of a document's key apart. */
    static <T> T ofDocument(String id, DocumentKey<T> taker) {
        int first = id.indexOf(SEPARATOR);
        int second = id.indexOf(SEPARATOR, first + 1);
        return taker.take(
                Tenant.ofPartition(id.substring(0, first)), id.substring(first + 1, second), id.substring(second + 1));
    }

    /** Takes the parts of a key. */
    interface DocumentKey<T> {
        T take(Tenant tenant, String collection, String key);
    }

    /** The end of all keys of documents of a collection. */
    static String end(String partition, String collection) {
        return partition + SEPARATOR + collection + BEHIND_SEPARATOR;
    }

    /** All keys that have these parts and more. */
    static Bson allBelow(String parts) {
        return allBelow("_id", parts);
    }

    /** The same where the keys are in another field. */
    static Bson allBelow(String field, String parts) {
        return Filters.and(Filters.gte(field, parts + SEPARATOR), Filters.lt(field, parts + BEHIND_SEPARATOR));
    }

    /** The same behind one of them. */
    static Bson behind(String parts, String last) {
        return Filters.and(Filters.gt("_id", parts + SEPARATOR + last), Filters.lt("_id", parts + BEHIND_SEPARATOR));
    }
}
