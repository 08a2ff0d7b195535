package de.freiraum.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What {@code freiraum check} tells of the files in {@code app/check}: each a command line, files, and how the lines of its answer begin. */
class CheckCommandTest {
    private static final Path CASES = Path.of("src/test/resources/app/check");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set before each test
    private Path folder;

    private record Ended(int code, List<String> out, String err) {}

    static List<String> cases() throws IOException {
        try (Stream<Path> files = Files.list(CASES)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyProblemIsListedWithItsPlace(String name) throws IOException {
        String[] sections = Files.readString(CASES.resolve(name)).split("(?m)^== ");
        String[] line = sections[0].strip().split(" ends with ");
        List<String> expected = List.of();
        for (String section : List.of(sections).subList(1, sections.length)) {
            String title = section.lines().findFirst().orElseThrow();
            String text = section.substring(title.length() + 1);
            if (title.equals("expected")) {
                expected = text.lines().toList();
            } else {
                Files.createDirectories(folder.resolve(title).getParent());
                Files.writeString(folder.resolve(title), text);
            }
        }
        Ended ended = run(
                "check", folder.resolve(line[0].substring("check ".length())).toString());
        assertThat(ended.out()).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(ended.out().get(i)).startsWith(expected.get(i));
        }
        assertThat(ended.code()).isEqualTo(Integer.parseInt(line[1]));
    }

    @Test
    void aWrongCommandLineIsNoProblemOfTheConfiguration() throws IOException {
        assertThat(run("check", folder.resolve("nothing.yaml").toString()).code())
                .isEqualTo(2);
        assertThat(run("check", "--config", folder.resolve("nothing.yaml").toString())
                        .err())
                .contains("there is no file");
        String file = Files.writeString(folder.resolve("freiraum.yaml"), "").toString();
        assertThat(run("check", file, "--config", file).err()).contains("named twice");
        assertThat(run("check", "--colour").code()).isEqualTo(2);
    }

    private Ended run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = Main.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Ended(code, out.toString().replace(folder + "/", "").lines().toList(), err.toString());
    }
}
