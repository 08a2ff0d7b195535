package de.freiraum.app;

import de.freiraum.json.JsonReader;
import de.freiraum.model.Value;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Has a running server take its sources, devices and mappings anew. */
@Command(
        name = "reload",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Has a running server take its sources, devices and mappings anew, all or nothing.")
final class ReloadCommand implements Callable<Integer> {
    private static final int OK = 200;

    @Mixin
    private ServerAccess server = new ServerAccess();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by the command line before call
    private CommandSpec spec;

    @Override
    public Integer call() throws Exception {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (ServerAccess.Connection connection = server.connect()) {
            ServerAccess.Answer answer = connection.post("/operations/reload", new byte[0]);
            if (!(JsonReader.read(answer.body().getBytes()) instanceof Value.Obj told)) {
                throw new IOException("the answer is " + answer.status());
            }
            if (answer.status() == OK) {
                told.members().forEach((name, sources) -> out.println(name + ": " + list(sources, ", ")));
                out.flush();
                return 0;
            }
            err.println("freiraum: " + list(told.get("detail"), ""));
            if (told.get("problems") instanceof Value.Array problems) {
                problems.items().forEach(problem -> err.println("  " + list(problem, "")));
            }
            err.flush();
            return 1;
        }
    }

    private static String list(@org.jspecify.annotations.Nullable Value value, String between) {
        if (value instanceof Value.Array array) {
            return array.items().isEmpty()
                    ? "-"
                    : String.join(
                            between,
                            array.items().stream()
                                    .map(item -> list(item, between))
                                    .toList());
        }
        return value instanceof Value.Text text ? text.text() : "";
    }
}
