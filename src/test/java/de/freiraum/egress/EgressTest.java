package de.freiraum.egress;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.egress.EgressException.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.PfxOptions;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EgressTest {
    private static final Duration LONG = Duration.ofSeconds(5);

    @TempDir
    private Path directory;

    private Vertx vertx;
    private HttpServer server;
    private Egress open;
    private Egress guarded;

    @BeforeEach
    void start() throws Exception {
        vertx = Vertx.vertx();
        server = vertx.createHttpServer()
                .requestHandler(EgressTest::answer)
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        open = new Egress(vertx, EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE));
        guarded = new Egress(vertx, EgressSettings.DEFAULT);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().await(10, SECONDS);
    }

    private static void answer(HttpServerRequest request) {
        switch (request.path()) {
            case "/echo" ->
                request.body().onSuccess(body -> request.response()
                        .putHeader("X-Host", String.valueOf(request.getHeader("Host")))
                        .putHeader("X-Given", String.valueOf(request.getHeader("X-Given")))
                        .end(body));
            case "/redirect" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/echo")
                        .end();
            case "/loop" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "/loop")
                        .end();
            case "/to-metadata" ->
                request.response()
                        .setStatusCode(302)
                        .putHeader("Location", "http://169.254.169.254/latest")
                        .end();
            case "/large" -> request.response().end(Buffer.buffer(new byte[100_000]));
            case "/hang" -> {}
            case "/break" -> request.connection().close();
            default -> request.response().setStatusCode(404).end();
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.actualPort() + path);
    }

    private static EgressException failureOf(Future<?> future) {
        try {
            future.await(10, SECONDS);
        } catch (Exception e) {
            return (EgressException) e;
        }
        throw new AssertionError("the request succeeded");
    }

    @Test
    void sendsBodyAndHeadersAndReturnsTheAnswer() throws Exception {
        MultiMap headers =
                MultiMap.caseInsensitiveMultiMap().add("X-Given", "yes").add("Host", "elsewhere");
        EgressResponse response = open.request(
                        EgressRequest.post(uri("/echo"), headers, Buffer.buffer("hello"), LONG, 1000))
                .await(10, SECONDS);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.body().toString()).isEqualTo("hello");
        assertThat(response.headers().get("X-Given")).isEqualTo("yes");
        assertThat(response.headers().get("X-Host")).isEqualTo("127.0.0.1:" + server.actualPort());
    }

    @Test
    void returnsAnAnswerOfAnyStatus() throws Exception {
        assertThat(open.request(EgressRequest.get(uri("/none"), LONG, 1000))
                        .await(10, SECONDS)
                        .status())
                .isEqualTo(404);
    }

    @Test
    void connectsByName() throws Exception {
        URI named = URI.create("http://localhost:" + server.actualPort() + "/echo");
        EgressResponse response =
                open.request(EgressRequest.get(named, LONG, 1000)).await(10, SECONDS);
        assertThat(response.headers().get("X-Host")).isEqualTo("localhost:" + server.actualPort());
    }

    @Test
    void refusesAPrivateAddress() {
        assertThat(failureOf(guarded.request(EgressRequest.get(uri("/echo"), LONG, 1000)))
                        .reason())
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    @Test
    void refusesANameThatResolvesToAPrivateAddress() {
        URI named = URI.create("http://localhost:" + server.actualPort() + "/echo");
        assertThat(failureOf(guarded.request(EgressRequest.get(named, LONG, 1000)))
                        .reason())
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    @Test
    void failsOnANameWithoutAddress() {
        assertThat(failureOf(open.request(EgressRequest.get(URI.create("http://nowhere.invalid/"), LONG, 1000)))
                        .reason())
                .isEqualTo(Reason.UNRESOLVED);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ftp://example.org/",
                "file:///etc/passwd",
                "http:///x",
                "http://user:secret@example.org/",
                "/relative",
                "http://example.org:0/"
            })
    void refusesAUriItDoesNotSpeak(String uri) {
        assertThatThrownBy(() -> open.check(URI.create(uri)))
                .asInstanceOf(InstanceOfAssertFactories.type(EgressException.class))
                .extracting(EgressException::reason)
                .isEqualTo(Reason.INVALID_URI);
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://127.0.0.1/", "http://[::1]:80/", "http://[::ffff:10.0.0.1]/", "http://10.0.0.1/"})
    void checkRefusesForbiddenLiteralsWithoutConnecting(String uri) {
        assertThatThrownBy(() -> guarded.check(URI.create(uri)))
                .asInstanceOf(InstanceOfAssertFactories.type(EgressException.class))
                .extracting(EgressException::reason)
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    @Test
    void followsARedirectWhenAllowed() throws Exception {
        EgressResponse response = open.request(
                        EgressRequest.get(uri("/redirect"), LONG, 1000).redirects(3))
                .await(10, SECONDS);
        assertThat(response.status()).isEqualTo(200);
        assertThat(response.uri()).isEqualTo(uri("/echo"));
    }

    @Test
    void returnsARedirectAsItIsWhenNotAllowed() throws Exception {
        assertThat(open.request(EgressRequest.get(uri("/redirect"), LONG, 1000))
                        .await(10, SECONDS)
                        .status())
                .isEqualTo(302);
    }

    @Test
    void stopsAnEndlessRedirect() {
        assertThat(failureOf(open.request(
                                EgressRequest.get(uri("/loop"), LONG, 1000).redirects(3)))
                        .reason())
                .isEqualTo(Reason.REDIRECTED);
    }

    @Test
    void checksTheTargetOfARedirect() {
        assertThat(failureOf(open.request(EgressRequest.get(uri("/to-metadata"), LONG, 1000)
                                .redirects(3)))
                        .reason())
                .isEqualTo(Reason.FORBIDDEN_ADDRESS);
    }

    @Test
    void refusesAnAnswerThatIsTooLong() {
        assertThat(failureOf(open.request(EgressRequest.get(uri("/large"), LONG, 99_999)))
                        .reason())
                .isEqualTo(Reason.TOO_LARGE);
    }

    @Test
    void givesUpOnAServerThatHangs() {
        assertThat(failureOf(open.request(EgressRequest.get(uri("/hang"), Duration.ofMillis(200), 1000)))
                        .reason())
                .isEqualTo(Reason.TIMEOUT);
    }

    @Test
    void reportsABrokenConnection() {
        assertThat(failureOf(open.request(EgressRequest.get(uri("/break"), LONG, 1000)))
                        .reason())
                .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void reportsARefusedConnection() throws Exception {
        URI gone = uri("/echo");
        server.close().await(10, SECONDS);
        assertThat(failureOf(open.request(EgressRequest.get(gone, LONG, 1000))).reason())
                .isEqualTo(Reason.UNREACHABLE);
    }

    @Test
    void hangingRequestsToOneServerDoNotDelayAnother() throws Exception {
        List<Future<?>> hanging = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            hanging.add(open.request(EgressRequest.get(uri("/hang"), Duration.ofSeconds(8), 1000)));
        }
        HttpServer other = vertx.createHttpServer()
                .requestHandler(EgressTest::answer)
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        EgressResponse response = open.request(
                        EgressRequest.get(URI.create("http://127.0.0.1:" + other.actualPort() + "/echo"), LONG, 1000))
                .await(5, SECONDS);
        assertThat(response.status()).isEqualTo(200);
        assertThat(hanging).noneMatch(Future::isComplete);
    }

    @Test
    void refusesRequestsBeyondTheWaitingOnes() {
        Egress narrow = new Egress(vertx, new EgressSettings(AddressPolicy.WITH_PRIVATE, 1, 1, Duration.ofSeconds(1)));
        List<Future<EgressResponse>> all = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            all.add(narrow.request(EgressRequest.get(uri("/hang"), Duration.ofSeconds(1), 1000)));
        }
        assertThat(all.stream().map(f -> failureOf(f).reason())).contains(Reason.BUSY);
    }

    private Future<EgressResponse> throughTls(String certificateFor) throws Exception {
        PfxOptions certificate = TestCertificate.of(certificateFor, directory);
        HttpServer secure = vertx.createHttpServer(
                        new HttpServerOptions().setSsl(true).setKeyCertOptions(certificate))
                .requestHandler(EgressTest::answer)
                .listen(0, "127.0.0.1")
                .await(10, SECONDS);
        Egress trusting = new Egress(
                vertx,
                EgressSettings.DEFAULT.withAddresses(AddressPolicy.WITH_PRIVATE),
                new HttpClientOptions().setTrustOptions(certificate));
        return trusting.request(
                EgressRequest.get(URI.create("https://localhost:" + secure.actualPort() + "/echo"), LONG, 1000));
    }

    @Test
    void checksTheCertificateAgainstTheNameAndNotTheAddress() throws Exception {
        assertThat(throughTls("localhost").await(10, SECONDS).status()).isEqualTo(200);
    }

    @Test
    void refusesTheCertificateOfAnotherName() throws Exception {
        assertThat(failureOf(throughTls("example.org")).reason()).isEqualTo(Reason.UNREACHABLE);
    }
}
