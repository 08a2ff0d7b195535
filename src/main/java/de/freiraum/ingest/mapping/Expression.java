package de.freiraum.ingest.mapping;

import de.freiraum.ingest.message.Rejection;
import de.freiraum.model.Value;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A CEL expression of a mapping, type-checked when it is compiled. There are no loops (of the macros only {@code has}), so that the cost of an evaluation is
 * bounded by the length of the expression, at most {@value #MAX_LENGTH} characters, and of the message. It reaches nothing but its variables:
 *
 * <ul>
 *   <li>{@code decoded}: the decoded fields; {@code item}: the element in an {@code each}
 *   <li>{@code device}: the fields of the device list, all strings; {@code devEui}; {@code line}
 *   <li>{@code port}, {@code fCnt}; {@code radio} with {@code rssi} and {@code snr}; {@code time}: the chosen time, ISO 8601
 * </ul>
 */
public final class Expression {
    /** Characters of one expression. */
    public static final int MAX_LENGTH = 1000;

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(MAX_LENGTH)
            .maxParseExpressionNodeCount(300)
            .maxParseRecursionDepth(32)
            .enableHeterogeneousNumericComparisons(true)
            .errorOnIntWrap(true)
            .enableComprehension(false)
            .maxRegexProgramSize(1000)
            .build();

    private static final CelCompiler COMPILER = CelCompilerFactory.standardCelCompilerBuilder()
            .setOptions(OPTIONS)
            .setStandardMacros(CelStandardMacro.HAS)
            .addVar("decoded", MapType.create(SimpleType.STRING, SimpleType.DYN))
            .addVar("item", SimpleType.DYN)
            .addVar("device", MapType.create(SimpleType.STRING, SimpleType.STRING))
            .addVar("radio", MapType.create(SimpleType.STRING, SimpleType.DOUBLE))
            .addVar("devEui", SimpleType.STRING)
            .addVar("line", SimpleType.STRING)
            .addVar("time", SimpleType.STRING)
            .addVar("port", SimpleType.INT)
            .addVar("fCnt", SimpleType.INT)
            .build();

    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.legacyCelRuntimeBuilder().setOptions(OPTIONS).build();

    private final String source;
    private final CelRuntime.Program program;

    private Expression(String source, CelRuntime.Program program) {
        this.source = source;
        this.program = program;
    }

    /**
     * Compiles and checks an expression of any type that JSON has.
     *
     * @throws IllegalArgumentException with the compiler's message
     */
    public static Expression value(String source) {
        return compile(source, null);
    }

    /**
     * Compiles and checks an expression that is true or false.
     *
     * @throws IllegalArgumentException with the compiler's message
     */
    public static Expression condition(String source) {
        return compile(source, SimpleType.BOOL);
    }

    private static Expression compile(String source, @Nullable CelType wanted) {
        if (source.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("an expression has at most " + MAX_LENGTH + " characters");
        }
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(source).getAst();
            CelType type = tree.getResultType();
            if (wanted != null && !type.equals(SimpleType.DYN) && !type.equals(wanted)) {
                throw new IllegalArgumentException("the expression gives " + type.name() + " instead of a truth value");
            }
            return new Expression(source, RUNTIME.createProgram(tree));
        } catch (CelValidationException e) {
            throw new IllegalArgumentException(oneLine(e.getMessage()), e);
        } catch (CelEvaluationException e) {
            throw new IllegalArgumentException("the expression cannot be prepared: " + oneLine(e.getMessage()), e);
        }
    }

    /**
     * The value, or null when a field it reads is missing.
     *
     * @throws Rejection MAPPING_FAILED when the fields do not have the types it needs
     */
    public @Nullable Value evaluate(Map<String, Object> variables) {
        try {
            return toValue(program.eval(variables));
        } catch (CelEvaluationException e) {
            if (e.getErrorCode() == CelErrorCode.ATTRIBUTE_NOT_FOUND) {
                return null;
            }
            throw Rejection.mapping("\"" + Rejection.clip(source) + "\" cannot be computed: "
                    + Rejection.clip(oneLine(e.getMessage())));
        }
    }

    /** The truth of a condition; a missing field is a fault. */
    public boolean holds(Map<String, Object> variables) {
        Value value = evaluate(variables);
        if (value instanceof Value.Bool truth) {
            return truth.truth();
        }
        throw Rejection.mapping("\"" + Rejection.clip(source) + "\" is neither true nor false: "
                + (value == null ? "a field it reads is missing" : "it gives another type"));
    }

    private static String oneLine(@Nullable String message) {
        if (message == null) {
            return "";
        }
        String first = message.lines().findFirst().orElse("");
        return first.replaceFirst("^ERROR: <input>:", "position ").replaceFirst("^evaluation error[^:]*: ", "");
    }

    /** A JSON value as CEL sees it. */
    static Object toCel(Value value) {
        if (value instanceof Value.Text text) {
            return text.text();
        }
        if (value instanceof Value.Bool bool) {
            return bool.truth();
        }
        if (value instanceof Value.Num number) {
            Number n = number.number();
            return n instanceof Long || n instanceof Double ? n : n.doubleValue();
        }
        if (value instanceof Value.Array array) {
            List<Object> items = new ArrayList<>(array.items().size());
            array.items().forEach(item -> items.add(toCel(item)));
            return items;
        }
        if (value instanceof Value.Obj object) {
            Map<String, Object> members = new LinkedHashMap<>();
            object.members().forEach((name, member) -> members.put(name, toCel(member)));
            return members;
        }
        return NullValue.NULL_VALUE;
    }

    private @Nullable Value toValue(@Nullable Object result) {
        if (result == null || result instanceof NullValue || result instanceof com.google.protobuf.NullValue) {
            return null;
        }
        if (result instanceof String text) {
            return Value.of(text);
        }
        if (result instanceof Boolean truth) {
            return Value.of(truth);
        }
        if (result instanceof Double number) {
            if (!Double.isFinite(number)) {
                throw Rejection.mapping("\"" + Rejection.clip(source) + "\" gives no finite number");
            }
            return Value.of(number);
        }
        if (result instanceof Number number) {
            return new Value.Num(new BigDecimal(number.toString()).longValueExact());
        }
        if (result instanceof List<?> list) {
            List<Value> items = new ArrayList<>(list.size());
            for (Object item : list) {
                Value value = toValue(item);
                items.add(value == null ? Value.Null.INSTANCE : value);
            }
            return new Value.Array(items);
        }
        if (result instanceof Map<?, ?> map) {
            Map<String, Value> members = new LinkedHashMap<>();
            map.forEach((name, member) -> {
                Value value = toValue(member);
                members.put(String.valueOf(name), value == null ? Value.Null.INSTANCE : value);
            });
            return new Value.Obj(members);
        }
        throw Rejection.mapping("\"" + Rejection.clip(source) + "\" gives a value that JSON does not have");
    }

    @Override
    public String toString() {
        return source;
    }
}
