package de.freiraum.app;

import de.freiraum.ingest.config.IngestConfig;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Checks the configuration without starting anything. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Checks settings, sources, devices and mappings, runs the mappings' tests, and starts nothing.")
final class CheckCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() {
        Map<String, String> environment = System.getenv();
        AppConfig config = options.load(environment);
        IngestConfig ingest = options.loadIngest(config, environment);
        var out = spec.commandLine().getOut();
        out.println("The configuration is fine.");
        ingest.sources()
                .values()
                .forEach(source -> out.println("  source " + source.id() + ": tenant \""
                        + source.tenant().name() + "\", " + source.envelope().name() + ", "
                        + source.devices().size() + " devices"));
        out.flush();
        return 0;
    }
}
