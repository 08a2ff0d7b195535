package de.freiraum.aggregate.footfall;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** IRIs of the device and footfall vocabularies. */
final class FootfallNames {
    final String device;
    final String counterReading;
    final String controlledAsset;
    final String from;
    final String counterBits;
    final String reset;
    final String lateBound;
    final Map<Channel, String> counts = new EnumMap<>(Channel.class);
    final Map<Channel, String> totals = new EnumMap<>(Channel.class);

    final String crowdFlowObserved;
    final String peopleCount;
    final String peopleCountTowards;
    final String peopleCountAway;
    final String dateObserved;
    final String dateObservedFrom;
    final String dateObservedTo;
    final String windowLength;
    final String coverage;
    final String quality;
    final String refCounter;
    final String refSite;
    final String crowdFlowProfile;
    final String typicalWeek;
    final String typicalPeopleCount;
    final String deviation;
    final UnaryOperator<String> expand;
    final String name;
    final String location;

    /**
     * By the expansion of the two contexts.
     *
     * @param device expands terms of the device context
     * @param footfall expands terms of the footfall context
     */
    FootfallNames(UnaryOperator<String> device, UnaryOperator<String> footfall) {
        this.device = device.apply("Device");
        counterReading = device.apply("counterReading");
        controlledAsset = device.apply("controlledAsset");
        from = device.apply("from");
        counterBits = device.apply("counterBits");
        reset = device.apply("reset");
        lateBound = device.apply("lateBound");
        for (Channel channel : Channel.values()) {
            counts.put(channel, device.apply(channel.countTerm()));
            totals.put(channel, device.apply(channel.totalTerm()));
        }
        crowdFlowObserved = footfall.apply("CrowdFlowObserved");
        peopleCount = footfall.apply("peopleCount");
        peopleCountTowards = footfall.apply("peopleCountTowards");
        peopleCountAway = footfall.apply("peopleCountAway");
        dateObserved = footfall.apply("dateObserved");
        dateObservedFrom = footfall.apply("dateObservedFrom");
        dateObservedTo = footfall.apply("dateObservedTo");
        windowLength = footfall.apply("windowLength");
        coverage = footfall.apply("coverage");
        quality = footfall.apply("quality");
        refCounter = footfall.apply("refCounter");
        refSite = footfall.apply("refSite");
        crowdFlowProfile = footfall.apply("CrowdFlowProfile");
        typicalWeek = footfall.apply("typicalWeek");
        typicalPeopleCount = footfall.apply("typicalPeopleCount");
        deviation = footfall.apply("deviation");
        expand = footfall;
        name = footfall.apply("name");
        location = footfall.apply("location");
    }
}
