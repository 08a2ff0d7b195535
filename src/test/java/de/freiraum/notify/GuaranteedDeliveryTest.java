package de.freiraum.notify;

import static de.freiraum.notify.NotifierFixture.done;
import static de.freiraum.notify.NotifierFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import de.freiraum.model.NgsiLdException;
import de.freiraum.model.Tenant;
import de.freiraum.model.Value;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class GuaranteedDeliveryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private NotifierFixture at;

    @BeforeEach
    void start() throws Exception {
        at = new NotifierFixture();
    }

    @AfterEach
    void stop() throws Exception {
        at.close();
    }

    @Test
    void whatAReceiverDidNotTakeIsSentAgainInOrder() throws Exception {
        at.receiver.outOfOrder(true);
        String id = subscribe("");
        write(1, 5);
        await().atMost(PATIENCE).until(() -> at.counters(id).timesFailed() > 0 && at.notifier.kept() >= 5);

        at.receiver.outOfOrder(false);

        received(1, 2, 3, 4, 5);
        assertThat(at.counters(id).failing()).isFalse();
        await().atMost(PATIENCE).until(() -> at.notifier.kept() == 0);
        assertThat(collections()).isEmpty();
    }

    @Test
    void whatWaitedWhenTheNotifierEndedIsSentByTheNext() throws Exception {
        at.receiver.outOfOrder(true);
        subscribe("");
        write(1, 3);
        done(at.notifier.close());

        at.receiver.outOfOrder(false);
        at.operations = at.open();
        at.notifier = at.notifier(NotifierSettings.DEFAULT);
        write(4, 4);

        received(1, 2, 3, 4);
    }

    @Test
    void whenTooManyWaitTheOldestAreGivenUpAndCounted() throws Exception {
        done(at.notifier.close());
        at.operations = at.open();
        at.notifier = at.notifier(NotifierSettings.DEFAULT.withKeptPerSubscription(3));
        at.receiver.outOfOrder(true);
        String id = subscribe("");
        write(1, 10);
        await().atMost(PATIENCE).until(() -> at.notifier.givenUp() == 7);
        assertThat(at.counters(id).timesFailed()).isGreaterThanOrEqualTo(7);

        at.receiver.outOfOrder(false);

        received(8, 9, 10);
    }

    @Test
    void aPausedSubscriptionHearsLaterOfWhatWaited() throws Exception {
        at.receiver.outOfOrder(true);
        String id = subscribe("");
        write(1, 2);
        done(at.operations.update(at.caller, id, json("{'isActive':false}"), NotifierFixture.CORE));
        at.receiver.outOfOrder(false);
        write(3, 3);
        done(at.operations.update(at.caller, id, json("{'isActive':true}"), NotifierFixture.CORE));
        write(4, 4);

        received(1, 2, 4);
    }

    @Test
    void nothingStaysOfADeletedSubscription() throws Exception {
        at.receiver.outOfOrder(true);
        String id = subscribe("");
        write(1, 3);
        assertThat(collections()).hasSize(1);

        done(at.operations.delete(at.caller, id));

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(collections()).isEmpty());
    }

    @Test
    void onlyWhatMatchesIsKept() throws Exception {
        at.receiver.outOfOrder(true);
        subscribe("'q':'n>1',");
        write(1, 3);

        await().atMost(PATIENCE).until(() -> at.notifier.kept() >= 2);
        at.receiver.outOfOrder(false);
        received(2, 3);
    }

    @Test
    void withThrottlingWhatWaitsBecomesOneNotificationOfTheNewest() throws Exception {
        at.receiver.outOfOrder(true);
        String id = subscribe("'throttling':1,");
        write(1, 4);
        await().atMost(PATIENCE).until(() -> at.counters(id).timesFailed() > 0);
        at.receiver.outOfOrder(false);

        received(4);
    }

    @Test
    void otherKindsOfDeliveryAreRefused() {
        assertThatThrownBy(() -> at.subscribe("", endpoint("sometimes")))
                .isInstanceOf(NgsiLdException.class)
                .hasMessageContaining("Delivery must be once or guaranteed");
    }

    private String subscribe(String members) throws Exception {
        return at.subscribe(members, endpoint("guaranteed"));
    }

    private String endpoint(String delivery) {
        return "'endpoint':{'uri':'" + at.receiver.uri("/ok") + "','notifierInfo':[{'key':'Delivery','value':'"
                + delivery + "'}]}";
    }

    private void write(int from, int to) throws Exception {
        for (int n = from; n <= to; n++) {
            if (n == 1) {
                at.create("urn:a:1", ",'n':1");
            } else {
                at.append("urn:a:1", ",'n':" + n);
            }
        }
    }

    private void received(int... numbers) {
        List<Value> expected = IntStream.of(numbers)
                .mapToObj(n -> (Value) json("{'id':'urn:a:1','type':'A','n':{'type':'Property','value':" + n + "}}"))
                .toList();
        // What was on its way when a notifier ended may come again.
        await().atMost(PATIENCE).untilAsserted(() -> {
            List<Value> different = new ArrayList<>();
            for (Receiver.Received one : at.receiver.received("/ok")) {
                if (different.isEmpty() || !different.get(different.size() - 1).equals(one.entity())) {
                    different.add(one.entity());
                }
            }
            assertThat(different).isEqualTo(expected);
        });
    }

    private List<String> collections() throws Exception {
        return done(at.store.collections(Tenant.DEFAULT)).stream()
                .filter(name -> name.startsWith("notifications of"))
                .toList();
    }
}
