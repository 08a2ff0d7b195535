package de.freiraum.ingest.script;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.mozilla.javascript.Script;

/**
 * The process in which scripts run. It reads requests from its standard input, answers each on its standard output, and ends when the input does. Its heap is small: a
 * script that wants more ends this process, never the server.
 */
public final class ScriptHost {
    static final int DEFINE = 1;
    static final int DECODE = 2;
    static final int GOOD = 0;
    static final int BAD = 1;
    static final long NO_TIME = Long.MIN_VALUE;

    private final Sandbox sandbox = new Sandbox();
    private final Map<Integer, Script> scripts = new HashMap<>();

    private ScriptHost() {}

    /** Runs until the standard input ends. */
    public static void main(String[] arguments) throws IOException {
        new ScriptHost().serve(System.in, System.out);
    }

    private void serve(InputStream in, OutputStream out) throws IOException {
        DataInputStream requests = new DataInputStream(in);
        DataOutputStream answers = new DataOutputStream(out);
        answer(answers, GOOD, "");
        while (true) {
            int request;
            try {
                request = requests.readInt();
            } catch (EOFException end) {
                return;
            }
            int id = requests.readInt();
            try {
                if (request == DEFINE) {
                    Script script = sandbox.compile(new String(bytes(requests), StandardCharsets.UTF_8));
                    sandbox.requireDecoder(script);
                    scripts.put(id, script);
                    answer(answers, GOOD, "");
                } else {
                    int port = requests.readInt();
                    long millis = requests.readLong();
                    Instant received = millis == NO_TIME ? null : Instant.ofEpochMilli(millis);
                    Script script = Objects.requireNonNull(scripts.get(id), "a script is defined before it is run");
                    answer(answers, GOOD, sandbox.decode(script, port, received, bytes(requests)));
                }
            } catch (Sandbox.Fault fault) {
                answer(answers, BAD, String.valueOf(fault.getMessage()));
            }
        }
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        return in.readNBytes(in.readInt());
    }

    private static void answer(DataOutputStream out, int status, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeByte(status);
        out.writeInt(bytes.length);
        out.write(bytes);
        out.flush();
    }
}
