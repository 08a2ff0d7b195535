package de.freiraum.ingest.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AckQueueTest {
    private final AckQueue queue = new AckQueue();
    private final List<Integer> acknowledged = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7})
    void acknowledgesInTheOrderOfArrivalWhateverIsDoneFirst(long seed) {
        List<AckQueue.Slot> slots = new ArrayList<>();
        List<Integer> order = new ArrayList<>(IntStream.range(0, 50).boxed().toList());
        order.forEach(i -> slots.add(queue.add()));
        java.util.Collections.shuffle(order, new Random(seed));
        for (int i : order) {
            queue.settle(slots.get(i), () -> acknowledged.add(i));
        }
        assertThat(acknowledged).isEqualTo(IntStream.range(0, 50).boxed().toList());
        assertThat(queue.size()).isZero();
    }

    @Test
    void waitsForTheFirst() {
        AckQueue.Slot first = queue.add();
        AckQueue.Slot second = queue.add();
        queue.settle(second, () -> acknowledged.add(2));
        assertThat(acknowledged).isEmpty();
        queue.settle(first, () -> acknowledged.add(1));
        assertThat(acknowledged).containsExactly(1, 2);
    }

    @Test
    void forgetsWhatItIsToldToForget() {
        AckQueue.Slot slot = queue.add();
        queue.clear();
        queue.settle(slot, () -> acknowledged.add(1));
        assertThat(acknowledged).isEmpty();
    }
}
