package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import de.freiraum.model.DeliveryCounters;
import de.freiraum.model.Value;
import de.freiraum.notify.Receiver.Received;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What happens at the limits of {@link NotifierSettings}. */
@Tag("5.8.6")
class NotificationBoundsTest {
    private NotifierFixture at;

    @BeforeEach
    void start() throws Exception {
        at = new NotifierFixture();
    }

    @AfterEach
    void stop() throws Exception {
        at.close();
    }

    private void limit(int queued, int throttled, int entities) throws Exception {
        done(at.notifier.close());
        NotifierSettings all = NotifierSettings.DEFAULT;
        at.operations = at.open();
        at.notifier = at.notifier(new NotifierSettings(
                all.defaultTimeout(),
                all.maxTimeout(),
                queued,
                throttled,
                all.pendingChanges(),
                entities,
                all.keptPerSubscription(),
                all.saveCountersEvery()));
    }

    private List<List<Value>> ids(int notifications) {
        await().atMost(Duration.ofSeconds(10))
                .until(() -> at.receiver.received("/ok").size() >= notifications);
        List<List<Value>> ids = new ArrayList<>();
        for (Received received : at.receiver.received("/ok").subList(0, notifications)) {
            ids.add(received.data().stream()
                    .map(e -> ((Value.Obj) e).members().get("id"))
                    .toList());
        }
        return ids;
    }

    private static List<Value> urns(int... numbers) {
        List<Value> urns = new ArrayList<>();
        for (int number : numbers) {
            urns.add(Value.of("urn:a:" + number));
        }
        return urns;
    }

    @Test
    void aPeriodicNotificationOfManyEntitiesComesInParts() throws Exception {
        limit(100, 100, 2);
        for (int i = 1; i <= 5; i++) {
            at.create("urn:a:" + i, ",'n':1");
        }
        at.subscribe("'timeInterval':0.2,", at.endpoint("/ok"));
        assertThat(ids(3)).containsExactly(urns(1, 2), urns(3, 4), urns(5));
    }

    @Test
    void whatThrottlingHeldBackComesInParts() throws Exception {
        limit(100, 3, 2);
        at.subscribe("'throttling':1,", at.endpoint("/ok"));
        for (int i = 1; i <= 5; i++) {
            at.create("urn:a:" + i, ",'n':1");
        }
        // The first goes out at once; of the other four the one that waits longest is given up.
        assertThat(ids(3)).containsExactly(urns(1), urns(3, 4), urns(5));
    }

    @Test
    void whatWaitsTooLongForAReceiverIsGivenUpAndCounted() throws Exception {
        limit(2, 100, 100);
        String id = at.subscribe("", "'endpoint':{'uri':'" + at.receiver.uri("/hang") + "','timeout':60000}");
        for (int i = 1; i <= 5; i++) {
            at.create("urn:a:" + i, ",'n':1");
        }
        await().atMost(Duration.ofSeconds(10)).until(() -> at.counters(id).timesFailed() == 2);
        DeliveryCounters counters = at.counters(id);
        assertThat(counters.timesSent()).isEqualTo(3);
        assertThat(counters.failing()).isTrue();
    }

    @Test
    void receiversThatHangDelayNoOtherSubscription() throws Exception {
        for (int i = 0; i < 50; i++) {
            at.subscribe("", "'endpoint':{'uri':'" + new Receiver(at.vertx).uri("/hang") + "','timeout':60000}");
        }
        at.subscribe("", at.endpoint("/ok"));
        for (int i = 1; i <= 3; i++) {
            at.create("urn:a:" + i, ",'n':1");
        }
        assertThat(ids(3)).containsExactly(urns(1), urns(2), urns(3));
    }
}
