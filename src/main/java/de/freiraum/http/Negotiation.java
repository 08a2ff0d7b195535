package de.freiraum.http;

import de.freiraum.model.ErrorType;
import de.freiraum.model.NgsiLdException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which media type the answer gets (clause 6.3.4 and RFC 9110, section 12.5.1). */
public final class Negotiation {
    private Negotiation() {}

    /**
     * The offered type that the client likes best; among equals the first one offered.
     *
     * @param accept the Accept header, or null: everything
     * @param offered what the operation can produce, in its order of preference
     * @throws NgsiLdException NotAcceptable if the client takes none of them
     */
    public static MediaType select(@Nullable String accept, List<MediaType> offered) {
        if (accept == null
                || accept.isBlank()
                || accept.equals("*/*")
                || accept.equals(offered.get(0).text())) {
            return offered.get(0);
        }
        MediaType best = null;
        double bestQuality = 0;
        String[] ranges = accept.toLowerCase(Locale.ROOT).split(",");
        for (MediaType type : offered) {
            double quality = quality(ranges, type.text());
            if (quality > bestQuality) {
                best = type;
                bestQuality = quality;
            }
        }
        if (best == null) {
            throw new NgsiLdException(
                    ErrorType.NotAcceptable,
                    "Accept: available are "
                            + offered.stream().map(MediaType::text).collect(Collectors.joining(", ")));
        }
        return best;
    }

    /** The quality that the most specific matching range gives; 0 if none matches. */
    private static double quality(String[] ranges, String type) {
        String family = type.substring(0, type.indexOf('/') + 1) + "*";
        double quality = 0;
        int specific = 0;
        for (String range : ranges) {
            String[] parts = range.split(";");
            String name = parts[0].strip();
            int rank = name.equals(type) ? 3 : name.equals(family) ? 2 : name.equals("*/*") ? 1 : 0;
            if (rank > specific) {
                specific = rank;
                quality = weight(parts);
            } else if (rank > 0 && rank == specific) {
                quality = Math.max(quality, weight(parts));
            }
        }
        return quality;
    }

    private static double weight(String[] parts) {
        for (int i = 1; i < parts.length; i++) {
            String part = parts[i].strip();
            if (part.startsWith("q=")) {
                try {
                    double q = Double.parseDouble(part.substring(2).strip());
                    return q >= 0 && q <= 1 ? q : 0;
                } catch (NumberFormatException e) {
                    return 0;
                }
            }
        }
        return 1;
    }
}
