package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many connections that do nothing, and many readers of the live stream, beside which work goes on. {@code -Dfreiraum.crowd=10000} makes it more. */
class CrowdTest {
    private static final int IDLE = Integer.getInteger("freiraum.crowd", 2_000);
    private static final int READERS = Integer.getInteger("freiraum.crowd", 500);
    private static final String REQUEST = "GET /live HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n";

    @Test
    void idleConnectionsAndReadersAreHeldWhileTheServerWorks() throws Exception {
        List<SocketChannel> idle = new ArrayList<>();
        List<SocketChannel> readers = new ArrayList<>();
        try (OpenServer server = OpenServer.start("", "open", "true", "live-max-clients", Integer.toString(READERS))) {
            for (int i = 0; i < IDLE; i++) {
                idle.add(connect(server.port()));
            }
            for (int i = 0; i < READERS; i++) {
                SocketChannel reader = connect(server.port());
                reader.write(ByteBuffer.wrap(REQUEST.getBytes(StandardCharsets.US_ASCII)));
                readers.add(reader);
            }
            await().atMost(60, SECONDS)
                    .until(() -> server.get("/metrics").body().contains("freiraum_live_clients " + READERS + ".0"));

            assertThat(server.get("/live").statusCode()).isEqualTo(503);
            assertThat(server.post("/ngsi-ld/v1/entities", "{\"id\":\"urn:x:crowd\",\"type\":\"T\"}")
                            .statusCode())
                    .isEqualTo(201);

            for (SocketChannel reader : readers) {
                awaitText(reader, "urn:x:crowd");
            }
            for (SocketChannel connection : idle) {
                connection.write(ByteBuffer.wrap(
                        "GET /version HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            }
            for (SocketChannel connection : idle) {
                awaitText(connection, "200 OK");
            }
        } finally {
            for (SocketChannel connection : idle) {
                connection.close();
            }
            for (SocketChannel reader : readers) {
                reader.close();
            }
        }
    }

    private static SocketChannel connect(int port) throws IOException {
        return SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    }

    private static void awaitText(SocketChannel channel, String text) throws IOException {
        channel.socket().setSoTimeout(60_000);
        InputStream in = channel.socket().getInputStream();
        StringBuilder read = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (read.indexOf(text) < 0) {
            int length = in.read(buffer);
            assertThat(length).as("the connection is open").isPositive();
            read.append(new String(buffer, 0, length, StandardCharsets.UTF_8));
        }
    }
}
