package de.freiraum.app;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.config.ConfigLoader;
import de.freiraum.config.YamlText;
import de.freiraum.egress.TestCertificate;
import de.freiraum.ingest.config.IngestConfig;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What operators rely on: the dashboard of metrics, the certificate, the contact, and requests turned away in time. */
class OperatingTest {
    private static final Pattern METRIC = Pattern.compile("\\b((?:freiraum|jvm|process)_[a-z_]+)\\{");
    private static final TrustManager EVERYBODY = new X509TrustManager() {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    };

    @Test
    void everyMetricOfTheGrafanaDashboardExists() throws Exception {
        AppConfig config = ConfigLoader.load(
                AppConfig.class,
                YamlText.NONE,
                Map.of(),
                Map.of("http-port", "0", "mqtt-port", "0", "open", "true", "durability", "memory"));
        IngestConfig ingest = IngestConfig.read(
                new YamlText(
                        "sources.yaml",
                        "sources:\n  - { id: p, envelope: chirpstack-v4, broker: { url: 'mqtt://127.0.0.1:1', topics: [a] }, poll: { url: 'http://127.0.0.1:1/' }, fields: { city: town } }\n"),
                List.of(),
                name -> YamlText.NONE,
                Map.of());
        Freiraum server = Freiraum.start(config, ingest, InstantSource.system()).await(30, SECONDS);
        try {
            String base = "http://127.0.0.1:" + server.httpPort();
            text(base + "/version");
            Set<String> shown = names(Files.readString(Path.of("docker/grafana/freiraum.json")));
            await().atMost(10, SECONDS).untilAsserted(() -> assertThat(metrics(text(base + "/metrics")))
                    .containsAll(shown));
            assertThat(shown).hasSizeGreaterThan(15);
        } finally {
            server.stop().await(30, SECONDS);
        }
    }

    @Test
    void aRenewedCertificateIsTakenWithoutARestart(@TempDir Path folder) throws Exception {
        Path certificate = folder.resolve("cert.pem");
        Path key = folder.resolve("key.pem");
        TestCertificate.write("first.example", folder, certificate, key);
        try (OpenServer server = OpenServer.start(
                "", "open", "true", "http-tls-certificate", certificate.toString(), "http-tls-key", key.toString())) {
            assertThat(presented(server.port())).contains("first.example");
            assertThat(headers(server.port())).contains("strict-transport-security: max-age=31536000");

            TestCertificate.write("second.example", folder, certificate, key);

            await().atMost(20, SECONDS)
                    .untilAsserted(() -> assertThat(presented(server.port())).contains("second.example"));
            Files.writeString(certificate, "nonsense");
            await().during(3, SECONDS).atMost(10, SECONDS).until(() -> presented(server.port())
                    .contains("second.example"));
        }
    }

    @Test
    void theContactForWeaknessesIsTold() throws Exception {
        try (OpenServer server =
                OpenServer.start("security: { contacts: ['mailto:security@example.org'], languages: [de, en] }")) {
            HttpResponse<String> answer = server.get("/.well-known/security.txt");
            assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
            assertThat(answer.body())
                    .contains("Contact: mailto:security@example.org\n", "Expires: 20", "Preferred-Languages: de, en\n");
        }
        try (OpenServer server = OpenServer.start("")) {
            assertThat(server.get("/.well-known/security.txt").statusCode()).isEqualTo(404);
        }
    }

    @Test
    void requestsAreTurnedAwayWhileTheMemoryIsNearlyFull() throws Exception {
        AtomicReference<Double> inUse = new AtomicReference<>(0.95);
        Shedding shedding = new Shedding(0.9, inUse::get);
        Vertx vertx = Vertx.vertx();
        try {
            int port = vertx.createHttpServer()
                    .requestHandler(request -> {
                        if (shedding.letsIn(request, request.path())) {
                            request.response().end("fine");
                        }
                    })
                    .listen(0)
                    .await(10, SECONDS)
                    .actualPort();
            String base = "http://127.0.0.1:" + port;
            shedding.start(vertx);
            await().atMost(10, SECONDS).until(() -> shedding.fault().isPresent());
            HttpResponse<String> refused = ask(base + "/ngsi-ld/v1/types");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("5");
            assertThat(text(base + "/health/ready")).isEqualTo("fine");
            assertThat(shedding.shed()).isEqualTo(1);

            inUse.set(0.5);
            await().atMost(10, SECONDS).until(() -> shedding.fault().isEmpty());
            assertThat(text(base + "/ngsi-ld/v1/types")).isEqualTo("fine");
        } finally {
            vertx.close().await(10, SECONDS);
        }
    }

    private static Set<String> names(String dashboard) {
        Set<String> names = new TreeSet<>();
        Matcher matcher = METRIC.matcher(dashboard);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private static Set<String> metrics(String text) {
        Set<String> names = new TreeSet<>();
        text.lines().filter(line -> !line.startsWith("#")).forEach(line -> names.add(line.split("[{ ]")[0]));
        return names;
    }

    private static String text(String url) throws IOException, InterruptedException {
        return ask(url).body();
    }

    private static HttpResponse<String> ask(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String presented(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {EVERYBODY}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return shown.getSubjectX500Principal().getName();
        }
    }

    private static String headers(int port) throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {EVERYBODY}, new SecureRandom());
        try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write("GET /version HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
        }
    }
}
