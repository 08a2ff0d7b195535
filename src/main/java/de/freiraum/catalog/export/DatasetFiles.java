package de.freiraum.catalog.export;

import de.freiraum.broker.Caller;
import de.freiraum.broker.ScanOperations;
import de.freiraum.catalog.Column;
import de.freiraum.catalog.Dataset;
import de.freiraum.catalog.FileFormat;
import de.freiraum.catalog.Publication;
import de.freiraum.model.Entity;
import de.freiraum.model.NgsiLd;
import de.freiraum.query.Projection;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.RepresentationOptions;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Opens the files of datasets. */
public final class DatasetFiles {
    private final ScanOperations scan;
    private final Publication publication;

    /** Files of what those operations show. */
    public DatasetFiles(ScanOperations scan, Publication publication) {
        this.scan = scan;
        this.publication = publication;
    }

    /**
     * The first rows of the table of the current state.
     *
     * @param rows how many at the most, above 0
     */
    public Future<List<List<String>>> preview(Dataset dataset, int rows) {
        Csv csv = new Csv(dataset.columns(), new Values(dataset.kind().context()));
        return scan.entities(reader(dataset), dataset.query(), null, rows).map(piece -> piece.items().stream()
                .map(entity -> csv.cells(Row.of(entity, dataset.columns())))
                .toList());
    }

    /** The current state. */
    public DatasetFile current(Dataset dataset, FileFormat format) {
        List<Column> columns = dataset.columns();
        CurrentFile.EntityFormat entities =
                format == FileFormat.NGSI_LD ? new NgsiLdArray(dataset) : new Rows(rows(dataset, format), columns);
        return new CurrentFile(scan, reader(dataset), dataset.query(), entities);
    }

    /**
     * What was observed from one day to another.
     *
     * @param first first day, where the city is
     * @param last last day, inclusive
     * @throws IllegalArgumentException if the past is not published in that format
     */
    public DatasetFile past(Dataset dataset, LocalDate first, LocalDate last, FileFormat format) {
        if (!format.ofPast()) {
            throw new IllegalArgumentException("the past is not published as " + format.label());
        }
        ZoneId zone = dataset.city().zone();
        Instant from = first.atStartOfDay(zone).toInstant();
        Instant to = last.plusDays(1).atStartOfDay(zone).toInstant();
        return new PastFile(
                scan,
                reader(dataset),
                dataset.query(),
                observed(dataset),
                from,
                to,
                new PastRows(dataset.columns()),
                rows(dataset, format));
    }

    private Caller reader(Dataset dataset) {
        return publication.reader(dataset.city().tenant());
    }

    private static Set<String> observed(Dataset dataset) {
        Set<String> attributes = new TreeSet<>();
        dataset.columns().stream()
                .filter(Column::observed)
                .map(Column::attribute)
                .forEach(attributes::add);
        return attributes;
    }

    private static RowFormat rows(Dataset dataset, FileFormat format) {
        Values values = new Values(dataset.kind().context());
        return switch (format) {
            case CSV -> new Csv(dataset.columns(), values);
            case GEO_JSON -> JsonRows.features(dataset.columns(), values);
            case NDJSON -> JsonRows.lines(dataset.columns(), values);
            case NGSI_LD -> throw new IllegalArgumentException("NGSI-LD has no rows");
        };
    }

    /** Entities as rows. */
    private record Rows(RowFormat format, List<Column> columns) implements CurrentFile.EntityFormat {
        @Override
        public void begin(ByteArrayOutputStream out) {
            format.begin(out);
        }

        @Override
        public void entity(ByteArrayOutputStream out, Entity entity) {
            format.row(out, Row.of(entity, columns));
        }

        @Override
        public void end(ByteArrayOutputStream out) {
            format.end(out);
        }
    }

    /** Entities as an array, normalized, each with its context, without the attributes that no file shows. */
    private static final class NgsiLdArray implements CurrentFile.EntityFormat {
        private final EntityWriter writer = new EntityWriter(0);
        private final RepresentationOptions options;
        private boolean first = true;

        NgsiLdArray(Dataset dataset) {
            Set<String> attributes = new TreeSet<>(Set.of("id", "type", "scope"));
            dataset.columns().stream()
                    .filter(column -> column.role() == Column.Role.VALUE)
                    .forEach(column -> attributes.add(column.attribute()));
            attributes.add(NgsiLd.LOCATION);
            this.options = RepresentationOptions.of(dataset.kind().context())
                    .withProjection(Projection.ofAttributes(attributes))
                    .withContextInBody(true);
        }

        @Override
        public void begin(ByteArrayOutputStream out) {
            out.write('[');
        }

        @Override
        public void entity(ByteArrayOutputStream out, Entity entity) {
            out.writeBytes((first ? "\n" : ",\n").getBytes(StandardCharsets.US_ASCII));
            out.writeBytes(writer.write(entity, options));
            first = false;
        }

        @Override
        public void end(ByteArrayOutputStream out) {
            out.writeBytes("\n]\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
