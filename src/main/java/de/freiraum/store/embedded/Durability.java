package de.freiraum.store.embedded;

/** When a change counts as committed. */
public enum Durability {
    /** On the disk (fsync): survives a crash of the process, of the system, and a loss of power. */
    SYNC,
    /** With the operating system, on the disk within a second: survives a crash of the process; the last second may be lost with the system. */
    ASYNC,
    /** In memory alone: nothing survives the process. */
    MEMORY
}
