package de.freiraum.store.mongodb;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoConnectionPoolClearedException;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import de.freiraum.model.NgsiLdException;
import de.freiraum.store.StoreException;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What failures of the driver mean. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    /**
     * Not primary, primary stepped down, not primary or recovering, interrupted for a change of the replica set's state, shutting down: some commands
     * fail with these as they are.
     */
    private static final Set<Integer> CHANGING_PRIMARY = Set.of(10107, 10058, 13435, 13436, 189, 11600, 11602, 91);

    private Failures() {}

    /** A deployment that cannot be reached for the moment; keeps what the driver said, for deciding whether to try again. */
    static final class Away extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Away(Throwable cause) {
            super(String.valueOf(cause.getMessage()), cause);
        }
    }

    /** The failure as this package passes it on: {@link Away} where trying again makes sense. */
    static Throwable translate(Throwable failure) {
        return failure instanceof MongoException mongo && isAway(mongo) ? new Away(mongo) : failure;
    }

    /** The failure as callers of the store see it. */
    static Throwable forCallers(Throwable failure) {
        if (failure instanceof NgsiLdException
                || failure instanceof StoreException
                || failure instanceof IllegalArgumentException) {
            return failure;
        }
        if (failure instanceof Away) {
            LOG.warn("MongoDB gives no answer: {}", failure.getMessage());
            return StoreException.unavailable("MongoDB gives no answer: " + failure.getMessage());
        }
        return new StoreException("MongoDB did not do what it was asked for: " + failure.getMessage(), failure);
    }

    private static boolean isAway(MongoException failure) {
        return failure instanceof MongoTimeoutException
                || failure instanceof MongoSocketException
                || failure instanceof MongoNotPrimaryException
                || failure instanceof MongoNodeIsRecoveringException
                || failure instanceof MongoConnectionPoolClearedException
                || failure instanceof MongoExecutionTimeoutException
                || failure instanceof MongoInterruptedException
                || failure instanceof MongoWriteConcernException
                || CHANGING_PRIMARY.contains(failure.getCode())
                || failure.hasErrorLabel(MongoException.TRANSIENT_TRANSACTION_ERROR_LABEL)
                || failure.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL)
                || failure.hasErrorLabel("RetryableWriteError");
    }

    /** Whether a transaction may or may not have been committed. */
    static boolean isCommitUnknown(Throwable failure) {
        return failure instanceof Away
                && failure.getCause() instanceof MongoException mongo
                && mongo.hasErrorLabel(MongoException.UNKNOWN_TRANSACTION_COMMIT_RESULT_LABEL);
    }

    /** Whether somebody else wrote the same documents at the same time. */
    static boolean isConflict(Throwable failure) {
        Throwable cause = failure instanceof Away ? failure.getCause() : failure;
        return cause instanceof MongoException mongo && (mongo.getCode() == WRITE_CONFLICT || isDuplicate(mongo));
    }

    private static final int WRITE_CONFLICT = 112;

    /** Whether a document with that key was there already. */
    static boolean isDuplicate(Throwable failure) {
        if (failure instanceof MongoBulkWriteException bulk) {
            return bulk.getWriteErrors().stream().anyMatch(e -> e.getCategory() == ErrorCategory.DUPLICATE_KEY);
        }
        return failure instanceof MongoException mongo
                && ErrorCategory.fromErrorCode(mongo.getCode()) == ErrorCategory.DUPLICATE_KEY;
    }
}
