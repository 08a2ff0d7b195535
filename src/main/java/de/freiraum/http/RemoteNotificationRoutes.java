package de.freiraum.http;

import de.freiraum.federation.RemoteSubscriptions;
import de.freiraum.security.Access;
import java.util.List;

/**
 * Where other brokers notify this one of what it is subscribed to at them, on behalf of its subscribers (clause 5.8.6). The id of the
 * subscription, which cannot be guessed, is the credential.
 */
public final class RemoteNotificationRoutes {
    /** The path below the API's. */
    public static final String PATH = "/remoteNotifications";

    private final RemoteSubscriptions subscriptions;

    /** Routes to those subscriptions. */
    public RemoteNotificationRoutes(RemoteSubscriptions subscriptions) {
        this.subscriptions = subscriptions;
    }

    /** The routes. */
    public List<ApiRoute> routes() {
        return List.of(ApiRoute.post(PATH, "receiveNotification", request -> request.document()
                        .compose(body -> subscriptions.received(body.value(), body.context()))
                        .map(v -> Answer.of(200, MediaType.JSON.text(), io.vertx.core.buffer.Buffer.buffer("{}"))))
                .needing(Access.READ));
    }
}
