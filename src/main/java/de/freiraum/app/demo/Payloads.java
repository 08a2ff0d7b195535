package de.freiraum.app.demo;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;

/** The bytes that devices of the supported models send, after their makers' published layouts. */
final class Payloads {

    /** A payload and the port it is sent on. */
    @SuppressWarnings("ArrayRecordComponent") // bytes are handed over, never compared
    record Payload(int port, byte[] bytes) {}

    private Payloads() {}

    /**
     * A bay's state.
     *
     * @param minutes how long the state before lasted
     */
    static Payload bay(String model, boolean occupied, int minutes, int frame) {
        int bit = occupied ? 1 : 0;
        return switch (model) {
            case "bosch/tps110" -> new Payload(1, new byte[] {(byte) bit});
            case "nwave/nps405" -> new Payload(1, new byte[] {(byte) (bit | Math.min(89, minutes) << 1)});
            case "libelium/smart-parking-v2" -> libelium(occupied, frame);
            case "dingtek/do201" -> dingtek(occupied, frame);
            default -> throw new IllegalArgumentException("no bay layout for " + model);
        };
    }

    private static Payload libelium(boolean occupied, int frame) {
        ByteBuffer bytes =
                ByteBuffer.allocate(11).put((byte) (occupied ? 0x80 : 0)).put((byte) frame);
        return new Payload(3, bytes.array());
    }

    private static Payload dingtek(boolean occupied, int frame) {
        byte[] bytes = HexFormat.of()
                .parseHex(
                        occupied
                                ? "8000310217001e1010015f0120ff30fe808b2d00020081"
                                : "800031021706b4000001610010fff6fff08b2d00010081");
        ByteBuffer.wrap(bytes).putShort(19, (short) frame);
        return new Payload(3, bytes);
    }

    /**
     * A counter's message.
     *
     * @param towards people in one direction since the message before
     * @param away people in the other direction
     * @param totalTowards people in one direction since the device was installed
     * @param totalAway people in the other direction
     */
    static Payload counter(
            String model, String devEui, int towards, int away, long totalTowards, long totalAway, int frame) {
        return switch (model) {
            case "milesight/vs133" -> new Payload(85, milesight133(totalTowards, totalAway));
            case "milesight/vs350" -> new Payload(85, milesight350(towards, away, totalTowards, totalAway));
            case "parametric/pcr2" -> new Payload(14, parametric(towards, away, totalTowards, totalAway));
            case "imbuildings/people-counter" ->
                new Payload(1, imBuildings(devEui, towards, away, totalTowards, totalAway, frame));
            default -> throw new IllegalArgumentException("no counter layout for " + model);
        };
    }

    private static byte[] milesight133(long totalTowards, long totalAway) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x03)
                .put((byte) 0xD2)
                .putInt((int) totalTowards)
                .put((byte) 0x04)
                .put((byte) 0xD2)
                .putInt((int) totalAway)
                .array();
    }

    private static byte[] milesight350(int towards, int away, long totalTowards, long totalAway) {
        return ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 0x04)
                .put((byte) 0xCC)
                .putShort((short) totalTowards)
                .putShort((short) totalAway)
                .put((byte) 0x05)
                .put((byte) 0xCC)
                .putShort((short) towards)
                .putShort((short) away)
                .array();
    }

    private static byte[] parametric(int towards, int away, long totalTowards, long totalAway) {
        return ByteBuffer.allocate(17)
                .put(new byte[] {(byte) 0xBE, 0x01, 0x04})
                .putShort((short) towards)
                .putShort((short) away)
                .putShort((short) totalTowards)
                .putShort((short) totalAway)
                .putShort((short) 7200)
                .putShort((short) 3300)
                .putShort((short) 184)
                .array();
    }

    private static byte[] imBuildings(
            String devEui, int towards, int away, long totalTowards, long totalAway, int frame) {
        return ByteBuffer.allocate(23)
                .put(new byte[] {0x02, 0x06})
                .put(HexFormat.of().parseHex(devEui))
                .put((byte) 0)
                .putShort((short) 318)
                .putShort((short) towards)
                .putShort((short) away)
                .put((byte) 0)
                .putShort((short) totalTowards)
                .putShort((short) totalAway)
                .put((byte) frame)
                .array();
    }
}
