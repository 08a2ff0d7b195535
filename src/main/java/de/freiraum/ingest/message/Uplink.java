package de.freiraum.ingest.message;

import de.freiraum.model.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One transmission of one device, with the envelope opened.
 *
 * @param device DevEUI in lower case, or the device's own id where it has no DevEUI
 * @param name the network server's name for the device, or null
 * @param model the network server's name for the model or profile, such as {@code bosch/tps110}, or null
 * @param port LoRaWAN FPort; 0 when there is none
 * @param frameCounter LoRaWAN FCnt; 0 when left out
 * @param session what changes when the frame counter restarts: session key id or device address; empty if unknown
 * @param identified whether counter or own time tell this transmission from an equal one; otherwise only the bytes do
 * @param payload the device's bytes, or null
 * @param decoded what the network server decoded, or for plain JSON the message itself; or null
 * @param times the times stated in the message
 * @param radio the best reception, or null
 */
@SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
public record Uplink(
        String device,
        @Nullable String name,
        @Nullable String model,
        int port,
        long frameCounter,
        String session,
        boolean identified,
        byte @Nullable [] payload,
        Value.@Nullable Obj decoded,
        Times times,
        @Nullable Radio radio) {

    /**
     * The times that a message may state. Which one counts is the mapping's choice.
     *
     * @param device the device's own clock
     * @param gateway the earliest of the gateways' times
     * @param network when the network server had it
     * @param server when the application server had it; later than the others when it was sent again
     */
    public record Times(
            @Nullable Instant device,
            @Nullable Instant gateway,
            @Nullable Instant network,
            @Nullable Instant server) {
        /** No time is known. */
        public static final Times NONE = new Times(null, null, null, null);
    }

    /**
     * The best reception of a transmission.
     *
     * @param rssi signal strength in dBm, or null
     * @param snr signal to noise ratio in dB, or null
     * @param gateway id of the gateway, or null
     */
    public record Radio(
            @Nullable Double rssi,
            @Nullable Double snr,
            @Nullable String gateway) {}
}
