package de.freiraum.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.mqtt.MqttServer;
import io.vertx.mqtt.MqttServerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Freiraum is compared with: Vert.x servers that do nothing but move the same bytes. HTTP GET sends a prepared body (a page as its
 * fragments), HTTP writes parse the body with Jackson and answer with the status alone, MQTT acknowledges. With somewhere to send them, each
 * PATCH also sends a prepared notification.
 */
public final class BareServer extends AbstractVerticle {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final int httpPort;
    private final int mqttPort;
    private final Buffer entity;

    private final int sinkPort;
    private final Buffer notification;

    private BareServer(int httpPort, int mqttPort, Buffer entity, int sinkPort, Buffer notification) {
        this.httpPort = httpPort;
        this.mqttPort = mqttPort;
        this.entity = entity;
        this.sinkPort = sinkPort;
        this.notification = notification;
    }

    /**
     * Starts it.
     *
     * @param args HTTP port, MQTT port, file with the bytes of one entity; and, or not, port for notifications, file with the bytes of one
     */
    public static void main(String[] args) throws IOException {
        Buffer entity = Buffer.buffer(Files.readAllBytes(Path.of(args[2])));
        int sinkPort = args.length > 3 ? Integer.parseInt(args[3]) : 0;
        Buffer notification = args.length > 4 ? Buffer.buffer(Files.readAllBytes(Path.of(args[4]))) : Buffer.buffer();
        Vertx vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(true));
        vertx.deployVerticle(
                        () -> new BareServer(
                                Integer.parseInt(args[0]), Integer.parseInt(args[1]), entity, sinkPort, notification),
                        new DeploymentOptions()
                                .setInstances(Runtime.getRuntime().availableProcessors()))
                .onSuccess(id -> System.out.println("ready"))
                .onFailure(failure -> {
                    System.err.println(failure);
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        MqttServer mqtt = MqttServer.create(
                vertx, new MqttServerOptions().setPort(mqttPort).setHost("127.0.0.1"));
        mqtt.endpointHandler(endpoint -> {
            endpoint.publishAutoAck(false);
            endpoint.publishHandler(message -> {
                if (message.qosLevel() == MqttQoS.AT_LEAST_ONCE) {
                    endpoint.publishAcknowledge(message.messageId());
                }
            });
            endpoint.accept(false);
        });
        HttpClient client = vertx.createHttpClient(new PoolOptions().setHttp1MaxSize(64));
        vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.method().equals(HttpMethod.GET)) {
                        Buffer body = request.path().length() > "/ngsi-ld/v1/entities/".length() ? entity : page();
                        request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(body);
                    } else {
                        request.body().onSuccess(body -> {
                            try {
                                MAPPER.readTree(body.getBytes());
                                if (sinkPort > 0 && request.method().equals(HttpMethod.PATCH)) {
                                    notify(client);
                                }
                                request.response()
                                        .setStatusCode(request.method().equals(HttpMethod.POST) ? 201 : 204)
                                        .end();
                            } catch (IOException e) {
                                request.response().setStatusCode(400).end();
                            }
                        });
                    }
                })
                .listen(httpPort, "127.0.0.1")
                .compose(http -> mqtt.listen())
                .<Void>mapEmpty()
                .onComplete(started);
    }

    private void notify(HttpClient client) {
        client.request(HttpMethod.POST, sinkPort, "127.0.0.1", "/")
                .compose(request ->
                        request.putHeader("Content-Type", "application/json").send(notification))
                .compose(HttpClientResponse::end)
                .onFailure(failure -> System.err.println("not notified: " + failure));
    }

    private Buffer page() {
        Buffer page = Buffer.buffer(entity.length() * 20 + 22);
        page.appendByte((byte) '[');
        for (int i = 0; i < 20; i++) {
            if (i > 0) {
                page.appendByte((byte) ',');
            }
            page.appendBuffer(entity);
        }
        return page.appendByte((byte) ']');
    }
}
