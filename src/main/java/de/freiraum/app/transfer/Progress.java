package de.freiraum.app.transfer;

/** Hears how far a transfer is. */
@FunctionalInterface
public interface Progress {
    /** Nobody listens. */
    Progress NONE = (done, total) -> {};

    /**
     * So much is done.
     *
     * @param done from 0
     * @param total what done will be in the end, as far as that is known
     */
    void at(long done, long total);
}
