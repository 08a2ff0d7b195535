package de.freiraum.ingest.envelope;

import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Rejection;
import de.freiraum.ingest.message.Uplink;
import java.util.List;

/** The format in which a network server hands on what a device sent. */
public interface Envelope {

    /** The name by which configuration refers to it. */
    String name();

    /**
     * Opens the envelope.
     *
     * @return the transmissions inside; empty for an event that carries none, such as a join
     * @throws Rejection when it is broken, naming the field at fault
     */
    List<Uplink> open(RawMessage message);
}
