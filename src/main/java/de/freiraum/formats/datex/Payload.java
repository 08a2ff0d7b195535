package de.freiraum.formats.datex;

import de.freiraum.json.Times;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.regex.Pattern;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A payload of DATEX II 3.4 as XML, written from its begin to its end. What is null is left out. */
final class Payload {
    private static final String XSI = "http://www.w3.org/2001/XMLSchema-instance";
    private static final String SCHEMA = "http://datex2.eu/schema/3/";

    /** Characters that XML does not have. */
    private static final Pattern NO_CHARACTERS =
            Pattern.compile("[^\\t\\n\\r\\x20-\\x{D7FF}\\x{E000}-\\x{FFFD}\\x{10000}-\\x{10FFFF}]");

    private static final int LONGEST_TEXT = 1024;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final XMLStreamWriter xml;

    /**
     * Begins.
     *
     * @param publication the type of the payload, with the prefix of its part of the model
     * @param time when it was published
     * @param publisher who publishes
     */
    Payload(String publication, Instant time, String publisher) {
        try {
            xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out, "UTF-8");
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("d2:payload");
            xml.writeNamespace("d2", SCHEMA + "d2Payload");
            xml.writeNamespace("com", SCHEMA + "common");
            xml.writeNamespace("fac", SCHEMA + "facilities");
            xml.writeNamespace("loc", SCHEMA + "locationReferencing");
            xml.writeNamespace("prk", SCHEMA + "parking");
            xml.writeNamespace("xsi", XSI);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        attribute("xsi:type", publication);
        attribute("lang", "de");
        attribute("modelBaseVersion", "3");
        time("com:publicationTime", time);
        open("com:publicationCreator")
                .text("com:country", "de")
                .text("com:nationalIdentifier", publisher)
                .close();
    }

    /** Opens an element. */
    Payload open(String name) {
        try {
            xml.writeStartElement(name);
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Adds an attribute to the element opened last. */
    Payload attribute(String name, String value) {
        try {
            xml.writeAttribute(name, NO_CHARACTERS.matcher(value).replaceAll(""));
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** Closes the element opened last. */
    Payload close() {
        try {
            xml.writeEndElement();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** An element with a text. */
    Payload text(String name, @Nullable String text) {
        if (text == null) {
            return this;
        }
        String plain = NO_CHARACTERS.matcher(text).replaceAll("");
        open(name);
        try {
            xml.writeCharacters(plain.length() <= LONGEST_TEXT ? plain : plain.substring(0, LONGEST_TEXT));
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return close();
    }

    /** An element with a German text, in the form of texts in several languages. */
    Payload words(String name, @Nullable String text) {
        return text == null
                ? this
                : open(name)
                        .open("com:values")
                        .open("com:value")
                        .attribute("lang", "de")
                        .content(text)
                        .close()
                        .close()
                        .close();
    }

    private Payload content(String text) {
        try {
            xml.writeCharacters(NO_CHARACTERS.matcher(text).replaceAll(""));
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    /** An element with a number. */
    Payload number(String name, @Nullable Long number) {
        return number == null ? this : text(name, number.toString());
    }

    /** An element with a time. */
    Payload time(String name, @Nullable Instant time) {
        return time == null ? this : text(name, Times.format(time));
    }

    /** Ends. @return the document */
    byte[] end() {
        try {
            xml.writeEndDocument();
            xml.flush();
        } catch (XMLStreamException e) {
            throw new IllegalStateException(e);
        }
        return out.toByteArray();
    }
}
