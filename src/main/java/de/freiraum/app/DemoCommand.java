package de.freiraum.app;

import de.freiraum.config.YamlText;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a server with simulated cities. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs a server on loopback with the simulated sensors of three cities, until it is asked to end.",
        footer = {"", "Data is in a temporary folder, and gone at the end, unless --data-dir names one."})
final class DemoCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(DemoCommand.class);

    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Option(
            names = "--backfill-hours",
            paramLabel = "HOURS",
            description = "How far back the simulated messages go. Default: ${DEFAULT-VALUE}.")
    private int backfillHours = 26;

    @Option(
            names = "--history-days",
            paramLabel = "DAYS",
            description =
                    "How many days of earlier records are taken over, as from another system; at most 90. Default: ${DEFAULT-VALUE}.")
    private int historyDays = 28;

    @Option(
            names = "--city",
            paramLabel = "NAME",
            description = "One of the cities alone: schwerte, dortmund or gelsenkirchen. Default: all of them.")
    @Nullable
    private String city;

    @Option(
            names = "--region",
            description = "Each city in a server of its own, on the ports that follow, and one that sees them all.")
    private boolean region;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        if (city != null && !Demo.CITIES.contains(city)) {
            throw new ParameterException(spec.commandLine(), "--city: allowed are " + String.join(", ", Demo.CITIES));
        }
        if (city != null && region) {
            throw new ParameterException(spec.commandLine(), "--city and --region exclude each other");
        }
        PrintWriter out = spec.commandLine().getOut();
        Map<String, String> environment = System.getenv();
        Path temporary = null;
        if (options.dataDir == null && !environment.containsKey("FREIRAUM_DATA_DIR")) {
            temporary = Files.createTempDirectory("freiraum-demo-");
            options.dataDir = temporary.toString();
        }
        Path folder = temporary;
        if (region) {
            new Region(options, environment, backfillHours, historyDays, out).run(() -> delete(folder));
            return 0;
        }
        List<String> cities = city == null ? Demo.CITIES : List.of(city);
        YamlText settings = options.config == null ? Demo.settings(cities) : YamlText.read(options.config);
        AppConfig config = options.load(settings, environment);
        Freiraum server = Startup.start(config, Demo.sources());
        Demo demo = Startup.waitFor(
                Demo.begin(
                        server,
                        cities,
                        Duration.ofHours(Math.max(1, Math.min(backfillHours, 24 * 14))),
                        Duration.ofDays(Math.max(0, Math.min(historyDays, 90))),
                        InstantSource.system(),
                        RandomGenerator.getDefault()),
                Duration.ofMinutes(1));
        out.println("Filling in the last " + backfillHours + " hours of " + demo.devices() + " simulated devices ...");
        out.flush();
        demo.feed().onSuccess(filled -> {
            out.println(demo.invitation());
            out.flush();
        });
        Startup.runUntilAsked(server, config, () -> delete(folder));
        return 0;
    }

    private static void delete(@Nullable Path folder) {
        if (folder == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException left) {
            LOG.warn("{} is not deleted: {}", folder, left.toString());
        }
    }
}
