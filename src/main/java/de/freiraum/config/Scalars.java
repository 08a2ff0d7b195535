package de.freiraum.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Single values from their text. Each refusal is an {@link IllegalArgumentException} that says what is allowed. */
final class Scalars {
    private static final Pattern SHORT_DURATION = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|min|h|d)");

    private Scalars() {}

    /** Whether values of this type are written as one scalar. */
    static boolean isScalar(Class<?> type) {
        return type.isPrimitive()
                || type.isEnum()
                || type == String.class
                || type == Boolean.class
                || type == Integer.class
                || type == Long.class
                || type == Double.class
                || type == Duration.class
                || type == Path.class
                || type == URI.class
                || type == ZoneId.class
                || type == Pattern.class
                || type == Secret.class
                || factory(type) != null;
    }

    /** The value of a scalar type. */
    static Object parse(Class<?> type, String text) {
        if (type == String.class) {
            return text;
        } else if (type == boolean.class || type == Boolean.class) {
            return switch (text) {
                case "true" -> true;
                case "false" -> false;
                default -> throw new IllegalArgumentException("allowed are true and false");
            };
        } else if (type == int.class || type == Integer.class) {
            return (int) whole(text, Integer.MIN_VALUE, Integer.MAX_VALUE);
        } else if (type == long.class || type == Long.class) {
            return whole(text, Long.MIN_VALUE, Long.MAX_VALUE);
        } else if (type == double.class || type == Double.class) {
            return decimal(text);
        } else if (type == Duration.class) {
            return duration(text);
        } else if (type == Path.class) {
            return path(text);
        } else if (type == URI.class) {
            return uri(text);
        } else if (type == ZoneId.class) {
            return zone(text);
        } else if (type == Pattern.class) {
            return pattern(text);
        } else if (type == Secret.class) {
            return new Secret(text);
        } else if (type.isEnum()) {
            return constant(type, text);
        }
        return byFactory(type, text);
    }

    private static long whole(String text, long min, long max) {
        try {
            long number = Long.parseLong(text.replace("_", ""));
            if (number >= min && number <= max) {
                return number;
            }
        } catch (NumberFormatException refused) {
            throw new IllegalArgumentException("a whole number is allowed", refused);
        }
        throw new IllegalArgumentException("a whole number from " + min + " to " + max + " is allowed");
    }

    private static double decimal(String text) {
        double number;
        try {
            number = Double.parseDouble(text);
        } catch (NumberFormatException refused) {
            throw new IllegalArgumentException("a number is allowed", refused);
        }
        if (!Double.isFinite(number)) {
            throw new IllegalArgumentException("a finite number is allowed");
        }
        return number;
    }

    private static Duration duration(String text) {
        Matcher shortForm = SHORT_DURATION.matcher(text);
        if (shortForm.matches()) {
            long amount = Long.parseLong(shortForm.group(1));
            return switch (shortForm.group(2)) {
                case "ms" -> Duration.ofMillis(amount);
                case "s" -> Duration.ofSeconds(amount);
                case "h" -> Duration.ofHours(amount);
                case "d" -> Duration.ofDays(amount);
                default -> Duration.ofMinutes(amount);
            };
        }
        try {
            Duration duration = Duration.parse(text);
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeException refused) {
            throw new IllegalArgumentException(
                    "a duration such as 500ms, 5s, 15m, 26h, 2d or PT26H is allowed", refused);
        }
        throw new IllegalArgumentException("a duration of 0 or more is allowed");
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException refused) {
            throw new IllegalArgumentException("a file path is allowed", refused);
        }
    }

    private static URI uri(String text) {
        try {
            URI uri = new URI(text);
            if (uri.isAbsolute()) {
                return uri;
            }
        } catch (URISyntaxException refused) {
            throw new IllegalArgumentException("a URI is allowed", refused);
        }
        throw new IllegalArgumentException("a URI with a scheme is allowed");
    }

    private static ZoneId zone(String text) {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException refused) {
            throw new IllegalArgumentException("a time zone such as Europe/Berlin is allowed", refused);
        }
    }

    private static Pattern pattern(String text) {
        try {
            return Pattern.compile(text);
        } catch (PatternSyntaxException refused) {
            throw new IllegalArgumentException(
                    "a regular expression is allowed; " + refused.getDescription() + " at position "
                            + refused.getIndex(),
                    refused);
        }
    }

    private static Object constant(Class<?> type, String text) {
        Object[] constants = type.getEnumConstants();
        for (Object constant : constants) {
            if (written(constant).equals(text.toLowerCase(Locale.ROOT).replace('_', '-'))) {
                return constant;
            }
        }
        throw new IllegalArgumentException(
                "allowed are " + Arrays.stream(constants).map(Scalars::written).collect(Collectors.joining(", ")));
    }

    /** How an enum constant is written: lower case, hyphens. */
    static String written(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static Object byFactory(Class<?> type, String text) {
        Method factory = factory(type);
        if (factory == null) {
            throw new IllegalStateException(type + " is not a type that configuration can hold");
        }
        try {
            return factory.invoke(null, text);
        } catch (InvocationTargetException refused) {
            String message =
                    refused.getCause() == null ? null : refused.getCause().getMessage();
            throw new IllegalArgumentException(message == null ? "another value is allowed" : message, refused);
        } catch (IllegalAccessException unreachable) {
            throw new IllegalStateException("parse of " + type + " must be public", unreachable);
        }
    }

    /** A public static {@code parse} or {@code of} that takes the text and returns the type. */
    private static @Nullable Method factory(Class<?> type) {
        return Arrays.stream(type.getMethods())
                .filter(m -> Modifier.isStatic(m.getModifiers())
                        && (m.getName().equals("parse") || m.getName().equals("of"))
                        && m.getReturnType() == type
                        && m.getParameterCount() == 1
                        && (m.getParameterTypes()[0] == String.class || m.getParameterTypes()[0] == CharSequence.class))
                .findFirst()
                .orElse(null);
    }
}
