package de.freiraum.egress;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;

/**
 * Which addresses may be connected to. Public unicast addresses always are allowed; link-local addresses (among them the metadata services of
 * clouds), multicast and reserved ones never are. IPv6 addresses that carry an IPv4 address are judged by that one too.
 *
 * @param allowPrivate whether addresses of the own machine and of private networks are allowed as well: loopback, RFC 1918, carrier-grade
 *     NAT and unique local addresses
 * @param allowed blocks of addresses that are allowed though they are not public; even those that otherwise never are
 */
public record AddressPolicy(boolean allowPrivate, List<AddressBlock> allowed) {
    /** Copies the list. */
    public AddressPolicy {
        allowed = List.copyOf(allowed);
    }

    /** Public addresses only. */
    public static final AddressPolicy PUBLIC_ONLY = new AddressPolicy(false, List.of());

    /** Public and private addresses. */
    public static final AddressPolicy WITH_PRIVATE = new AddressPolicy(true, List.of());

    private enum Kind {
        PUBLIC,
        PRIVATE,
        NEVER
    }

    /** Whether a connection to this address may be made. */
    public boolean allows(InetAddress address) {
        for (AddressBlock block : allowed) {
            if (block.contains(address)) {
                return true;
            }
        }
        return switch (address instanceof Inet6Address six ? kind6(six) : kind4((Inet4Address) address)) {
            case PUBLIC -> true;
            case PRIVATE -> allowPrivate;
            case NEVER -> false;
        };
    }

    private static Kind kind4(Inet4Address address) {
        byte[] bytes = address.getAddress();
        int a = bytes[0] & 0xff;
        int b = bytes[1] & 0xff;
        int c = bytes[2] & 0xff;
        if (a == 127
                || a == 10
                || (a == 172 && (b & 0xf0) == 16)
                || (a == 192 && b == 168)
                || (a == 100 && (b & 0xc0) == 64)) {
            return Kind.PRIVATE;
        }
        if (a == 0) {
            return address.isAnyLocalAddress() ? Kind.PRIVATE : Kind.NEVER;
        }
        boolean documentation =
                (a == 192 && b == 0 && c == 2) || (a == 198 && b == 51 && c == 100) || (a == 203 && b == 0 && c == 113);
        boolean special =
                (a == 192 && b == 0 && c == 0) || (a == 198 && (b & 0xfe) == 18) || (a == 192 && b == 88 && c == 99);
        return a >= 224 || (a == 169 && b == 254) || documentation || special ? Kind.NEVER : Kind.PUBLIC;
    }

    private static Kind kind6(Inet6Address address) {
        byte[] bytes = address.getAddress();
        if (address.isLoopbackAddress() || address.isAnyLocalAddress()) {
            return Kind.PRIVATE;
        }
        if (startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff)
                || startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
                || startsWith(bytes, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
            return embedded(bytes, 12);
        }
        if (startsWith(bytes, 0x20, 0x02)) {
            return embedded(bytes, 2);
        }
        if ((bytes[0] & 0xfe) == 0xfc) {
            return startsWith(bytes, 0xfd, 0x00, 0x0e, 0xc2) ? Kind.NEVER : Kind.PRIVATE;
        }
        // Global unicast is 2000::/3; of it, Teredo, benchmarking, ORCHID and documentation lead nowhere one wants to
        // go.
        boolean global = (bytes[0] & 0xe0) == 0x20;
        boolean special = (startsWith(bytes, 0x20, 0x01) && (bytes[2] & 0xfe) == 0)
                || startsWith(bytes, 0x20, 0x01, 0x0d, 0xb8)
                || startsWith(bytes, 0x3f, 0xff);
        return global && !special ? Kind.PUBLIC : Kind.NEVER;
    }

    private static Kind embedded(byte[] bytes, int from) {
        try {
            return kind4((Inet4Address) InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
        } catch (UnknownHostException e) {
            return Kind.NEVER;
        }
    }

    private static boolean startsWith(byte[] bytes, int... prefix) {
        for (int i = 0; i < prefix.length; i++) {
            if ((bytes[i] & 0xff) != prefix[i]) {
                return false;
            }
        }
        return true;
    }
}
