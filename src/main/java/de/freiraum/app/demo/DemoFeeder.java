package de.freiraum.app.demo;

import io.netty.handler.codec.mqtt.MqttQoS;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.mqtt.MqttClient;
import io.vertx.mqtt.MqttClientOptions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes the messages of the simulated cities with QoS 1 to an MQTT endpoint, as a network server would: first those of the last hours
 * with their own times, then new ones as they arise. Everything happens on one event loop.
 */
public final class DemoFeeder {
    private static final Logger LOG = LoggerFactory.getLogger(DemoFeeder.class);
    private static final int MAX_UNACKNOWLEDGED = 200;
    private static final Duration COUNTER_INTERVAL = Duration.ofMinutes(5);
    private static final Duration LIVE_COUNTER_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LIVE_STEP = Duration.ofSeconds(2);
    private static final Duration RECONNECT = Duration.ofSeconds(2);
    private static final double LIVE_HASTE = 25;

    private final Vertx vertx;
    private final Context loop;
    private final String host;
    private final int port;
    private final InstantSource clock;
    private final CityLife life;
    private final PastRecords records;
    private final String session;
    private final Deque<CityLife.Uplink> waiting = new ArrayDeque<>();
    private final Map<Integer, CityLife.Uplink> unacknowledged = new HashMap<>();
    /** Acknowledged before the completion of the sending was noticed. */
    private final Set<Integer> early = new HashSet<>();

    private final Promise<Void> backfilled = Promise.promise();
    private MqttClient client;
    private boolean filling = true;
    private boolean stopped;
    private Instant lastStep;
    private Instant lastCount;
    private int sending;

    /**
     * A feeder of the endpoint at this address.
     *
     * @param cities whose devices send
     * @param backfill how far back the first messages go
     * @param history how far the records reach back from there
     */
    public DemoFeeder(
            Vertx vertx,
            String host,
            int port,
            List<String> cities,
            Duration backfill,
            Duration history,
            InstantSource clock,
            RandomGenerator random) {
        this.vertx = vertx;
        this.loop = vertx.getOrCreateContext();
        this.host = host;
        this.port = port;
        this.clock = clock;
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        // Records end where messages begin, at a full hour, so that no hour is told by halves.
        Instant begin = now.minus(backfill).truncatedTo(ChronoUnit.HOURS);
        this.life = new CityLife(begin.minus(history), random, cities);
        this.records = new PastRecords(life, begin.minus(history), begin);
        this.session = String.format("%016x", random.nextLong());
        this.lastStep = now;
        this.lastCount = now;
        this.client = newClient();
        waiting.addAll(past(begin, now));
    }

    private List<CityLife.Uplink> past(Instant begin, Instant now) {
        List<CityLife.Uplink> uplinks = new ArrayList<>(life.begin(begin, now.minus(Duration.ofHours(30))));
        uplinks.addAll(records.parking(begin, now));
        for (Instant at = begin; !at.isAfter(now); at = at.plus(COUNTER_INTERVAL)) {
            uplinks.addAll(life.counts(at.minus(COUNTER_INTERVAL), at));
            lastCount = at;
        }
        uplinks.sort(Comparator.comparing(CityLife.Uplink::at));
        return uplinks;
    }

    /** What an earlier system would have kept: of the counters up to the first messages, of the places up to now. */
    public List<PastRecords.Evolution> records() {
        return records.evolutions();
    }

    /** How many devices send. */
    public int devices() {
        return life.devices();
    }

    /**
     * Begins.
     *
     * @return succeeds when every message of the past has been acknowledged; new ones follow until {@link #stop()}
     */
    public Future<Void> start() {
        loop.runOnContext(go -> {
            connect();
            vertx.setPeriodic(LIVE_STEP.toMillis(), tick -> live());
        });
        return backfilled.future();
    }

    /** Ends. */
    public Future<Void> stop() {
        Promise<Void> ended = Promise.promise();
        loop.runOnContext(go -> {
            stopped = true;
            backfilled.tryFail("the feeder was stopped");
            (client.isConnected() ? client.disconnect() : Future.<Void>succeededFuture())
                    .onComplete(done -> ended.complete());
        });
        return ended.future();
    }

    private MqttClient newClient() {
        MqttClient fresh = MqttClient.create(
                vertx,
                new MqttClientOptions()
                        .setClientId("freiraum-demo-feeder")
                        .setCleanSession(true)
                        .setMaxInflightQueue(MAX_UNACKNOWLEDGED + 10)
                        .setAckTimeout(-1));
        fresh.publishCompletionHandler(this::acknowledged);
        fresh.closeHandler(closed -> lost());
        return fresh;
    }

    private void connect() {
        client.connect(port, host).onSuccess(connected -> send()).onFailure(refused -> {
            LOG.warn("demo: no connection to {}:{}: {}", host, port, refused.getMessage());
            lost();
        });
    }

    /** What was not acknowledged is sent again, first, by a new connection. */
    private void lost() {
        if (stopped) {
            return;
        }
        List<CityLife.Uplink> again = new ArrayList<>(unacknowledged.values());
        again.sort(Comparator.comparing(CityLife.Uplink::at).reversed());
        unacknowledged.clear();
        early.clear();
        again.forEach(waiting::addFirst);
        client = newClient();
        vertx.setTimer(RECONNECT.toMillis(), tick -> connect());
    }

    private void send() {
        while (client.isConnected() && !waiting.isEmpty() && unacknowledged.size() + sending < MAX_UNACKNOWLEDGED) {
            CityLife.Uplink uplink = waiting.removeFirst();
            Envelopes.Message message = Envelopes.of(
                    uplink.device(), uplink.payload(), uplink.at(), uplink.frame(), session, uplink.rssi());
            sending++;
            client.publish(message.topic(), Buffer.buffer(message.body()), MqttQoS.AT_LEAST_ONCE, false, false)
                    .onComplete(sent -> {
                        sending--;
                        if (sent.failed()) {
                            waiting.addFirst(uplink);
                        } else if (!early.remove(sent.result())) {
                            unacknowledged.put(sent.result(), uplink);
                        } else {
                            settled();
                        }
                    });
        }
    }

    private void acknowledged(Integer id) {
        if (unacknowledged.remove(id) == null) {
            early.add(id);
        } else {
            settled();
        }
    }

    private void settled() {
        if (waiting.isEmpty() && sending == 0 && unacknowledged.isEmpty() && filling) {
            filling = false;
            backfilled.tryComplete();
        }
        send();
    }

    private void live() {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        if (stopped || filling) {
            return;
        }
        waiting.addAll(life.parking(lastStep, now, LIVE_HASTE));
        lastStep = now;
        if (Duration.between(lastCount, now).compareTo(LIVE_COUNTER_INTERVAL) >= 0) {
            waiting.addAll(life.counts(lastCount, now));
            lastCount = now;
        }
        send();
    }
}
