package de.freiraum.app;

import de.freiraum.config.ConfigException;
import de.freiraum.ops.Version;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line. */
@Command(
        name = "freiraum",
        mixinStandardHelpOptions = true,
        versionProvider = Main.BuildVersion.class,
        description = "Publishes what a city's sensors measure as open data (NGSI-LD).",
        subcommands = {
            ServeCommand.class,
            DemoCommand.class,
            ListenCommand.class,
            CheckCommand.class,
            TryCommand.class,
            ReplayCommand.class,
            ReloadCommand.class,
            TransferCommand.Export.class,
            TransferCommand.Import.class,
            KeyCommand.class,
            DeadLetterCommand.class,
            BackupCommand.class,
            RestoreCommand.class
        },
        synopsisSubcommandLabel = "COMMAND")
public final class Main implements Callable<Integer> {
    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    private Main() {}

    /** Runs a command; the exit code is 0, 1 for a failure, 2 for a wrong command line and 78 for a wrong configuration. */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, with errors printed in one line each. */
    static CommandLine commandLine() {
        return new CommandLine(new Main()).setExecutionExceptionHandler((failure, line, parsed) -> {
            PrintWriter err = line.getErr();
            if (failure instanceof ConfigException config) {
                err.println("The configuration cannot be used:");
                config.problems().forEach(problem -> err.println("  " + problem));
                err.flush();
                return ConfigException.EXIT_CODE;
            }
            err.println("freiraum: " + Startup.explain(failure));
            err.flush();
            return 1;
        });
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(spec.commandLine().getErr());
        return 2;
    }

    /** The version of the build. */
    static final class BuildVersion implements IVersionProvider {
        @Override
        public String[] getVersion() {
            Version version = Version.current();
            return new String[] {version.name() + " " + version.version() + " (" + version.specification() + ")"};
        }
    }
}
