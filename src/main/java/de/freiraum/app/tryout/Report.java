package de.freiraum.app.tryout;

import de.freiraum.ingest.Interpretation;
import de.freiraum.ingest.Receipt;
import de.freiraum.ingest.message.Bytes;
import de.freiraum.ingest.message.RawMessage;
import de.freiraum.ingest.message.Uplink;
import de.freiraum.json.JsonReader;
import de.freiraum.jsonld.BuiltInContexts;
import de.freiraum.jsonld.Context;
import de.freiraum.model.Entity;
import de.freiraum.representation.EntityWriter;
import de.freiraum.representation.RepresentationOptions;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Tells what a message would do. */
public final class Report {
    private static final List<String> CONTEXTS = List.of("parking", "footfall", "device");
    private static final String INDENTATION = "  ";

    private final PrintWriter out;
    private final EntityWriter writer = new EntityWriter(0);

    /** A report to a text. */
    public Report(PrintWriter out) {
        this.out = out;
    }

    /** Tells all steps of one message. */
    public void tell(String source, RawMessage message, Rehearsal.Outcome outcome) {
        out.println("message: " + message.body().length + " bytes for the source " + source + ", arrived at "
                + message.receivedAt());
        for (int i = 0; i < outcome.transmissions().size(); i++) {
            tell(outcome.transmissions().get(i), outcome.changes().get(i));
        }
        Receipt receipt = outcome.receipt();
        String detail = receipt.detail().isEmpty() ? "" : ": " + receipt.detail();
        out.println("outcome: " + receipt.outcome().name().toLowerCase(Locale.ROOT) + detail);
        if (receipt.outcome() == Receipt.Outcome.ACCEPTED) {
            out.println(outcome.aggregates().isEmpty() ? "totals and windows: none change" : "totals and windows:");
            outcome.aggregates().forEach(this::tell);
        }
        out.flush();
    }

    private void tell(Interpretation transmission, List<Entity> changes) {
        Uplink uplink = transmission.uplink();
        byte[] payload = uplink.payload();
        out.println("device: " + transmission.device().id() + " ("
                + transmission.device().origin() + "), mapping "
                + transmission.mapping().name() + " version "
                + transmission.mapping().version() + " ("
                + transmission.mapping().origin() + ")");
        if (payload != null) {
            out.println("bytes: " + Bytes.hex(payload) + " on port " + uplink.port() + ", frame counter "
                    + uplink.frameCounter());
        }
        if (transmission.decoded() == null) {
            out.println("decoded: nothing" + (transmission.refusal() == null ? ", it carries no state" : ""));
            return;
        }
        out.println("decoded:");
        out.println(Indented.text(transmission.decoded(), INDENTATION));
        out.println("time: " + (transmission.stated() == null ? "its arrival" : transmission.stated()));
        out.println(changes.isEmpty() ? "change: none" : "change:");
        changes.forEach(this::tell);
        transmission.mapped().notes().forEach(note -> out.println("left out: " + note));
    }

    private void tell(Entity entity) {
        byte[] json =
                writer.write(entity, RepresentationOptions.of(context(entity)).withContextInBody(true));
        out.println(Indented.text(JsonReader.read(json), INDENTATION));
    }

    /** The context that has a name for the entity's type. */
    private static Context context(Entity entity) {
        for (String name : CONTEXTS) {
            Context context = BuiltInContexts.named(name);
            if (entity.types().stream().noneMatch(type -> context.compact(type).contains(":"))) {
                return context;
            }
        }
        return BuiltInContexts.core();
    }
}
