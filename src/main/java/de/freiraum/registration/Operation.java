package de.freiraum.registration;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Operations that a context source may offer, and groups of them (clause 4.20), named as {@code operations} names them. */
public enum Operation {
    createEntity,
    updateEntity,
    appendAttrs,
    updateAttrs,
    deleteAttrs,
    deleteEntity,
    createBatch,
    upsertBatch,
    updateBatch,
    deleteBatch,
    upsertTemporal,
    appendAttrsTemporal,
    deleteAttrsTemporal,
    updateAttrInstanceTemporal,
    deleteAttrInstanceTemporal,
    deleteTemporal,
    mergeEntity,
    replaceEntity,
    replaceAttrs,
    mergeBatch,
    purgeEntity,
    retrieveEntity,
    queryEntity,
    queryBatch,
    retrieveTemporal,
    queryTemporal,
    retrieveEntityTypes,
    retrieveEntityTypeDetails,
    retrieveEntityTypeInfo,
    retrieveAttrTypes,
    retrieveAttrTypeDetails,
    retrieveAttrTypeInfo,
    createSubscription,
    updateSubscription,
    retrieveSubscription,
    querySubscription,
    deleteSubscription,
    retrieveEntityMap,
    updateEntityMap,
    deleteEntityMap,
    createEntityMapQueryEntity,
    createEntityMapQueryTemporal,
    retrieveContextSourceIdentity;

    private static final Set<Operation> DISCOVERY = EnumSet.range(retrieveEntityTypes, retrieveAttrTypeInfo);

    private static final Set<Operation> TEMPORAL = EnumSet.of(
            upsertTemporal,
            appendAttrsTemporal,
            deleteAttrsTemporal,
            updateAttrInstanceTemporal,
            deleteAttrInstanceTemporal,
            deleteTemporal,
            retrieveTemporal,
            queryTemporal,
            createEntityMapQueryTemporal);

    private static final Set<Operation> SUBSCRIPTION = EnumSet.range(createSubscription, deleteSubscription);

    private static final Set<Operation> ENTITY_MAPS = EnumSet.range(retrieveEntityMap, createEntityMapQueryEntity);

    /** What a registration offers that names no operations. */
    public static final String DEFAULT_GROUP = "federationOps";

    private static final Map<String, Set<Operation>> NAMES = names();

    private static Map<String, Set<Operation>> names() {
        Map<String, Set<Operation>> names = new LinkedHashMap<>();
        for (Operation operation : values()) {
            names.put(operation.name(), Set.of(operation));
        }
        Set<Operation> association = EnumSet.of(retrieveEntity, queryEntity, queryBatch, retrieveContextSourceIdentity);
        association.addAll(DISCOVERY);
        association.addAll(SUBSCRIPTION);
        Set<Operation> federation = EnumSet.copyOf(association);
        federation.addAll(ENTITY_MAPS);
        Set<Operation> redirection = EnumSet.of(
                createEntity,
                updateEntity,
                appendAttrs,
                updateAttrs,
                deleteAttrs,
                deleteEntity,
                mergeEntity,
                replaceEntity,
                replaceAttrs,
                retrieveEntity,
                queryEntity,
                purgeEntity,
                retrieveContextSourceIdentity);
        redirection.addAll(DISCOVERY);
        redirection.addAll(ENTITY_MAPS);
        names.put(DEFAULT_GROUP, federation);
        names.put("associationOps", association);
        names.put("updateOps", EnumSet.of(updateEntity, updateAttrs, replaceEntity, replaceAttrs));
        names.put("retrieveOps", EnumSet.of(retrieveEntity, queryEntity));
        names.put("redirectionOps", redirection);
        return Collections.unmodifiableMap(names);
    }

    /** Whether it is about temporal evolutions. */
    public boolean isTemporal() {
        return TEMPORAL.contains(this);
    }

    /** Whether it is the name of an operation or of a group. */
    public static boolean isName(String name) {
        return NAMES.containsKey(name);
    }

    /** The operations of several names, groups taken apart; names that are none count for nothing. */
    public static Set<Operation> ofNames(Collection<String> names) {
        Set<Operation> operations = EnumSet.noneOf(Operation.class);
        names.forEach(name -> operations.addAll(NAMES.getOrDefault(name, Set.of())));
        return operations;
    }
}
