package de.freiraum.notify;

import de.freiraum.registration.CSourceRegistration;

/**
 * A registration to be notified of.
 *
 * @param registration as it matches, or matched last
 * @param reason why
 */
record NotifiedRegistration(CSourceRegistration registration, TriggerReason reason)
        implements Outbox.Item<NotifiedRegistration> {

    /** Clause 5.3.3, named as {@code triggerReason} names it. */
    enum TriggerReason {
        newlyMatching,
        updated,
        noLongerMatching
    }

    @Override
    public String id() {
        return registration.id();
    }

    @Override
    public NotifiedRegistration then(NotifiedRegistration later) {
        TriggerReason both =
                switch (later.reason) {
                    case noLongerMatching -> TriggerReason.noLongerMatching;
                    case updated -> reason == TriggerReason.newlyMatching ? reason : TriggerReason.updated;
                    case newlyMatching ->
                        reason == TriggerReason.noLongerMatching ? TriggerReason.updated : TriggerReason.newlyMatching;
                };
        return new NotifiedRegistration(later.registration, both);
    }
}
