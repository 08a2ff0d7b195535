package de.freiraum.ingest;

import java.util.concurrent.atomic.LongAdder;

/** What one source has done since start. Counters for any thread. */
public final class SourceMetrics {
    private final LongAdder received = new LongAdder();
    private final LongAdder accepted = new LongAdder();
    private final LongAdder duplicates = new LongAdder();
    private final LongAdder ignored = new LongAdder();
    private final LongAdder dead = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final LongAdder leftOut = new LongAdder();
    private final LongAdder notValid = new LongAdder();
    private final LongAdder lostFrames = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private volatile long lagMillis;

    /** A source that has done nothing yet. */
    public SourceMetrics() {}

    void received() {
        received.increment();
    }

    void failed() {
        failed.increment();
    }

    /** Counts a request without the source's key or signature. */
    public void refused() {
        refused.increment();
    }

    void leftOut(int values) {
        leftOut.add(values);
    }

    void notValid(int rules) {
        notValid.add(rules);
    }

    void lag(long millis) {
        lagMillis = millis;
    }

    void done(Receipt receipt) {
        switch (receipt.outcome()) {
            case ACCEPTED -> accepted.increment();
            case DUPLICATE -> duplicates.increment();
            case IGNORED -> ignored.increment();
            case DEAD -> dead.increment();
        }
        lostFrames.add(receipt.lostFrames());
    }

    /** Messages that came in. */
    public long receivedMessages() {
        return received.sum();
    }

    /** Messages whose changes are durable. */
    public long acceptedMessages() {
        return accepted.sum();
    }

    /** Messages that were here before. */
    public long duplicateMessages() {
        return duplicates.sum();
    }

    /** Messages without state. */
    public long ignoredMessages() {
        return ignored.sum();
    }

    /** Messages that became dead letters. */
    public long deadMessages() {
        return dead.sum();
    }

    /** Messages that were not acknowledged because the store failed. */
    public long failedMessages() {
        return failed.sum();
    }

    /** Single values that were out of range and left out of an otherwise good message. */
    public long leftOutValues() {
        return leftOut.sum();
    }

    /** Rules of the data models that entities broke which were written all the same. */
    public long brokenRules() {
        return notValid.sum();
    }

    /** Frames that never came, by the devices' counters. */
    public long lostFrameCount() {
        return lostFrames.sum();
    }

    /** Requests without the source's key or signature. */
    public long refusedRequests() {
        return refused.sum();
    }

    /** Milliseconds from the last message's observation to its arrival. */
    public long lastLagMillis() {
        return lagMillis;
    }
}
