package de.freiraum.ingest.codec;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The built-in codecs by name. */
public final class Codecs {
    private static final Map<String, DeviceCodec> BUILT_IN = new TreeMap<>();

    static {
        for (DeviceCodec codec : List.of(
                new BoschTps110(),
                new NwaveNps405(),
                new DingtekDo201(),
                new LibeliumSmartParking(),
                new ParametricPcr2(),
                new ImBuildings(),
                new Paxcounter(),
                MilesightModels.vs132(),
                MilesightLines.vs13x(),
                MilesightModels.vs350(),
                MilesightModels.vs360(),
                MilesightVs121.codec())) {
            BUILT_IN.put(codec.name(), codec);
        }
    }

    private Codecs() {}

    /** The codec of that name and version. */
    public static Optional<DeviceCodec> named(String name) {
        return Optional.ofNullable(BUILT_IN.get(name));
    }

    /** All names, sorted. */
    public static Set<String> names() {
        return new TreeSet<>(BUILT_IN.keySet());
    }
}
