package de.freiraum.notify;

import io.vertx.core.Future;

/** Takes messages to endpoints of one scheme. */
interface Transport {
    /** Sends a message. @return fails if the receiver did not confirm it in time, with a {@link DeliveryFailure} or another exception */
    Future<Void> send(Message message);

    /** Closes its connections. */
    Future<Void> close();
}
