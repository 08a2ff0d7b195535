package de.freiraum.aggregate.device;

import java.util.function.UnaryOperator;

/**
 * IRIs of the device vocabulary.
 *
 * @param device type
 * @param reported when the device reported last
 * @param staleAfter sub-attribute of that: after which time without a message it is stale
 * @param state whether it reports
 * @param battery share of a full battery
 * @param low whether that is low
 */
record Names(String device, String reported, String staleAfter, String state, String battery, String low) {
    /** By the expansion of the device context. */
    static Names of(UnaryOperator<String> expand) {
        return new Names(
                expand.apply("Device"),
                expand.apply("dateLastValueReported"),
                expand.apply("staleAfter"),
                expand.apply("deviceState"),
                expand.apply("batteryLevel"),
                expand.apply("lowBattery"));
    }
}
