package de.freiraum.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.model.Entity;
import de.freiraum.model.ModelArbitraries;
import de.freiraum.store.change.Expiry;
import java.util.Arrays;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class StoredEntityTest {

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void theIndexPartSaysWhatTheEntitySays(@ForAll("entities") Entity entity) {
        StoredEntity stored = StoredEntity.read(StoredEntity.encode(entity));

        assertThat(stored.types()).isEqualTo(entity.types());
        assertThat(stored.expiry()).isEqualTo(Expiry.next(entity));
        assertThat(stored.boxes()).isEqualTo(StoredEntity.boxes(entity));
        assertThat(stored.decode()).isEqualTo(entity);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void aCutIndexPartIsRefused(@ForAll("entities") Entity entity, @ForAll int where) {
        byte[] bytes = StoredEntity.encode(entity);
        int start = StoredEntity.read(bytes).start();
        byte[] cut = Arrays.copyOf(bytes, Math.floorMod(where, start));

        assertThatThrownBy(() -> StoredEntity.read(cut)).isInstanceOf(IllegalArgumentException.class);
    }

    @Provide
    Arbitrary<Entity> entities() {
        return ModelArbitraries.entities();
    }
}
