package de.freiraum.ingest.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import de.freiraum.config.ConfigException;
import de.freiraum.config.YamlText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignatureTest {
    private static final byte[] BODY = "Hello, World!".getBytes(StandardCharsets.UTF_8);

    @ParameterizedTest
    @CsvSource({
        // GitHub's published example: secret "It's a Secret to Everybody"
        "prefix: 'sha256=', sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17, true",
        "prefix: 'sha256=', sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17, true",
        "prefix: 'sha256=', 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17, false",
        "prefix: 'sha256=', sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e18, false",
        "prefix: 'sha256=', sha256=, false",
        "prefix: 'sha256=', '', false",
        "encoding: hex, 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17, true",
        "encoding: base64, dXEH6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=, true",
        "encoding: base64, dxeh6g6yUJ/CESIczphLijdXC211hsIsRvQ3nIsEPhc=, false",
        "algorithm: sha512, 757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17, false"
    })
    void isThatOfTheBodyOrNot(String more, String value, boolean fits) {
        assertThat(read("secret: 'env:SECRET', header: X-Hub-Signature-256, " + more)
                        .fits(value, BODY))
                .isEqualTo(fits);
    }

    @Test
    void fitsNoOtherBodyAndNothing() {
        Signature signature = read("secret: 'env:SECRET', header: X-Signature");
        String right = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
        assertThat(signature.fits(right, new byte[0])).isFalse();
        assertThat(signature.fits(null, BODY)).isFalse();
        assertThat(signature.toString()).doesNotContain("Everybody");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            header: X                                    | secret is required
            secret: s                                    | header is required
            secret: 'env:MISSING', header: X             | the variable is not set
            secret: '', header: X                        | must not be empty
            secret: s, header: 'a b'                     | must be the name of a header
            secret: s, header: X, encoding: binary       | must be one of hex, base64
            secret: s, header: X, algorithm: md5         | must be one of sha256, sha512, sha1
            secret: s, header: X, key: y                 | unknown name
            """)
    void tellsWhatIsWrong(String signature, String told) {
        assertThatThrownBy(() -> read(signature))
                .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.problems())
                        .anySatisfy(problem -> assertThat(problem.toString()).contains(told)));
    }

    private static Signature read(String signature) {
        IngestConfig config = IngestConfig.read(
                new YamlText(
                        "sources.yaml",
                        "sources:\n  - { id: s, envelope: json, webhook: { signature: { " + signature + " } } }\n"),
                List.of(),
                name -> new YamlText(name, ""),
                Map.of("SECRET", "It's a Secret to Everybody"));
        return requireNonNull(
                requireNonNull(requireNonNull(config.source("s")).webhook()).signature());
    }
}
