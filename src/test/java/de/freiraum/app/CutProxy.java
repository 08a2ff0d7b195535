package de.freiraum.app;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** A network on the way to a port of this machine that can be cut. */
final class CutProxy {
    private final NetClient client;
    private final NetServer server;
    private final IntSupplier target;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();

    /**
     * A proxy that does not listen yet.
     *
     * @param target the port that connections are made to
     */
    CutProxy(Vertx vertx, IntSupplier target) {
        this.client = vertx.createNetClient();
        this.server = vertx.createNetServer();
        this.target = target;
    }

    /** Listens. @return the port */
    Future<Integer> start() {
        return server.connectHandler(this::join).listen(0, "127.0.0.1").map(NetServer::actualPort);
    }

    private void join(NetSocket near) {
        near.pause();
        keep(near);
        client.connect(target.getAsInt(), "127.0.0.1")
                .onSuccess(far -> {
                    keep(far);
                    near.pipeTo(far).onComplete(done -> near.close());
                    far.pipeTo(near).onComplete(done -> far.close());
                })
                .onFailure(nobody -> near.close());
    }

    private void keep(NetSocket socket) {
        sockets.add(socket);
        socket.closeHandler(gone -> sockets.remove(socket));
    }

    /** Ends all connections, with whatever is on its way. */
    void cut() {
        sockets.forEach(NetSocket::close);
    }
}
