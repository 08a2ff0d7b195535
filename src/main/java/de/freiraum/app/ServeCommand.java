package de.freiraum.app;

import de.freiraum.ingest.config.IngestConfig;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs a server. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Runs the server until it is asked to end (SIGTERM).",
        footer = {"", "Every setting can also be given as an environment variable: --http-port is FREIRAUM_HTTP_PORT."})
final class ServeCommand implements Callable<Integer> {
    @Mixin
    private SettingsOptions options = new SettingsOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        Map<String, String> environment = System.getenv();
        AppConfig config = options.load(environment);
        IngestConfig ingest = options.loadIngest(config, environment);
        Freiraum server = Startup.start(
                config, ingest, options.sourceFiles(config, environment).orElse(null));
        HangUp.handle(server::reload);
        var out = spec.commandLine().getOut();
        out.println("Freiraum is ready: " + server.scheme() + "://localhost:" + server.httpPort()
                + "/ (NGSI-LD at /ngsi-ld/v1)"
                + (server.mqttPort() > 0
                        ? ", MQTT at " + server.mqttScheme() + "://localhost:" + server.mqttPort()
                        : ""));
        out.flush();
        Startup.runUntilAsked(server, config, () -> {});
        return 0;
    }
}
