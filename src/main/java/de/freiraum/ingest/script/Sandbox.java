package de.freiraum.ingest.script;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.NativeJSON;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Script;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;
import org.mozilla.javascript.Undefined;

/**
 * Runs {@code decodeUplink} of TS013 scripts: interpreted, without any Java class, with a limit of steps and of depth, each call with global objects of its own. Memory
 * is limited by the process around it.
 */
final class Sandbox {
    /** Steps of the interpreter in one call; a decoder of a few hundred bytes takes some ten thousand. */
    private static final long MOST_STEPS = 5_000_000;

    private static final int OBSERVED_STEPS = 10_000;
    private static final int MOST_CALLS = 400;
    private static final int MOST_CHARACTERS = 256 * 1024;
    private static final String NAME = "script";

    private final ContextFactory factory = new Limited();

    /** A script that could not be run, or gave no result; the message says why. */
    static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        Fault(String message) {
            super(message, null, false, false);
        }
    }

    /** No Exception, so that the script cannot catch it. */
    private static final class TooManySteps extends Error {
        private static final long serialVersionUID = 1L;

        TooManySteps() {
            super("more than " + MOST_STEPS + " steps", null, false, false);
        }
    }

    private static final class Limited extends ContextFactory {
        @Override
        protected Context makeContext() {
            Context context = new Counting(this);
            context.setInterpretedMode(true);
            context.setLanguageVersion(Context.VERSION_ES6);
            context.setInstructionObserverThreshold(OBSERVED_STEPS);
            context.setMaximumInterpreterStackDepth(MOST_CALLS);
            context.setClassShutter(name -> false);
            return context;
        }

        @Override
        protected void observeInstructionCount(Context context, int steps) {
            ((Counting) context).count(steps);
        }
    }

    private static final class Counting extends Context {
        private long steps;

        Counting(ContextFactory factory) {
            super(factory);
        }

        void count(int more) {
            steps += more;
            if (steps > MOST_STEPS) {
                throw new TooManySteps();
            }
        }
    }

    /** A script that was read. */
    Script compile(String source) throws Fault {
        try (Context context = factory.enterContext()) {
            return context.compileString(source, NAME, 1, null);
        } catch (RhinoException | StackOverflowError e) {
            throw fault(e);
        }
    }

    /** Fails unless the script defines {@code decodeUplink}. */
    void requireDecoder(Script script) throws Fault {
        try (Context context = factory.enterContext()) {
            decoder(context, context.initSafeStandardObjects(), script);
        } catch (RhinoException | StackOverflowError | TooManySteps e) {
            throw fault(e);
        }
    }

    /**
     * What {@code decodeUplink} returns.
     *
     * @param port LoRaWAN FPort
     * @param received when the network got the frame, or null
     * @param payload the bytes of the frame
     * @return JSON
     */
    String decode(Script script, int port, @Nullable Instant received, byte[] payload) throws Fault {
        try (Context context = factory.enterContext()) {
            ScriptableObject scope = context.initSafeStandardObjects();
            Function decoder = decoder(context, scope, script);
            Object[] bytes = new Object[payload.length];
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] = payload[i] & 0xff;
            }
            Scriptable input = context.newObject(scope);
            ScriptableObject.putProperty(input, "bytes", context.newArray(scope, bytes));
            ScriptableObject.putProperty(input, "fPort", port);
            if (received != null) {
                ScriptableObject.putProperty(input, "recvTime", context.newObject(scope, "Date", new Object[] {
                    (double) received.toEpochMilli()
                }));
            }
            Object result = decoder.call(context, scope, scope, new Object[] {input});
            if (!(result instanceof Scriptable) || result instanceof Undefined) {
                throw new Fault("decodeUplink must return an object with data or errors");
            }
            Object json = NativeJSON.stringify(context, scope, result, null, null);
            if (!(json instanceof CharSequence text) || text.length() > MOST_CHARACTERS) {
                throw new Fault(
                        "decodeUplink must return an object of at most " + MOST_CHARACTERS + " characters of JSON");
            }
            return text.toString();
        } catch (RhinoException | StackOverflowError | TooManySteps e) {
            throw fault(e);
        }
    }

    private static Function decoder(Context context, ScriptableObject scope, Script script) throws Fault {
        Scriptable exports = context.newObject(scope);
        Scriptable module = context.newObject(scope);
        ScriptableObject.putProperty(module, "exports", exports);
        ScriptableObject.putProperty(scope, "module", module);
        ScriptableObject.putProperty(scope, "exports", exports);
        script.exec(context, scope, scope);
        Function global = function(scope);
        Function decoder = global == null && module.get("exports", module) instanceof Scriptable exported
                ? function(exported)
                : global;
        if (decoder == null) {
            throw new Fault("the script must define a function decodeUplink(input)");
        }
        return decoder;
    }

    private static @Nullable Function function(Scriptable scope) {
        return ScriptableObject.getProperty(scope, "decodeUplink") instanceof Function function ? function : null;
    }

    private static Fault fault(Throwable failure) {
        if (failure instanceof StackOverflowError) {
            return new Fault("the script calls itself too often");
        }
        if (failure instanceof RhinoException script) {
            return new Fault("line " + script.lineNumber() + ": " + script.details());
        }
        return new Fault("the script takes " + failure.getMessage());
    }
}
