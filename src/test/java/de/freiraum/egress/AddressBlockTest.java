package de.freiraum.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressBlockTest {
    @ParameterizedTest
    @CsvSource({
        "10.1.0.0/16, 10.1.255.255, true",
        "10.1.0.0/16, 10.2.0.0, false",
        "10.1.2.3, 10.1.2.3, true",
        "10.1.2.3, 10.1.2.4, false",
        "10.1.2.128/25, 10.1.2.129, true",
        "10.1.2.128/25, 10.1.2.127, false",
        "0.0.0.0/0, 192.0.2.1, true",
        "fd12:3456::/32, fd12:3456:1::1, true",
        "fd12:3456::/32, fd12:3457::1, false",
        "0.0.0.0/0, fd12::1, false"
    })
    void holdsTheAddressesOfItsPrefix(String block, String address, boolean in) throws UnknownHostException {
        assertThat(AddressBlock.parse(block).contains(InetAddress.getByName(address)))
                .isEqualTo(in);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "host", "10.1.0.0/", "10.1.0.0/33", "10.1.0.1/16", "10.1/16", "fd12::/129", "10.1.0.0/-1"})
    void refusesWhatIsNoBlock(String text) {
        assertThatThrownBy(() -> AddressBlock.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatIsAllowedByConfigurationIsAllowedAndNothingBesideIt() throws UnknownHostException {
        AddressPolicy policy = new AddressPolicy(false, List.of(AddressBlock.parse("10.1.0.0/16")));

        assertThat(policy.allows(InetAddress.getByName("10.1.2.3"))).isTrue();
        assertThat(policy.allows(InetAddress.getByName("10.2.2.3"))).isFalse();
        assertThat(policy.allows(InetAddress.getLoopbackAddress())).isFalse();
        assertThat(policy.allows(InetAddress.getByName("169.254.169.254"))).isFalse();
    }
}
