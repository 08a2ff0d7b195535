package de.freiraum.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "193.99.144.80",
                "172.32.0.1",
                "100.128.0.1",
                "2a02:2e0:3fe:1001:302::",
                "2001:4860:4860::8888"
            })
    void allowsPublicAddresses(String address) throws UnknownHostException {
        assertThat(AddressPolicy.PUBLIC_ONLY.allows(InetAddress.getByName(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1",
                "100.64.0.1", "::1", "::", "fd12:3456::1", "fc00::1", "::ffff:10.0.0.1", "64:ff9b::192.168.0.1",
                "2002:7f00:1::", "::127.0.0.1"
            })
    void allowsPrivateAddressesOnlyWhenTold(String address) throws UnknownHostException {
        assertThat(AddressPolicy.PUBLIC_ONLY.allows(InetAddress.getByName(address)))
                .isFalse();
        assertThat(AddressPolicy.WITH_PRIVATE.allows(InetAddress.getByName(address)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "169.254.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "240.0.0.1",
                "0.1.2.3",
                "192.0.2.1",
                "198.18.0.1",
                "fe80::1",
                "ff02::1",
                "fd00:ec2::254",
                "2001:db8::1",
                "2001::1",
                "100::1",
                "fec0::1",
                "::ffff:169.254.169.254",
                "64:ff9b::a9fe:a9fe"
            })
    void neverAllowsLinkLocalMulticastAndReservedAddresses(String address) throws UnknownHostException {
        assertThat(AddressPolicy.WITH_PRIVATE.allows(InetAddress.getByName(address)))
                .isFalse();
    }
}
