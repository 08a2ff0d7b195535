package de.freiraum.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Sends bytes and reads the answer's first line, without minding what they mean. */
final class RawClient {

    private RawClient() {}

    /**
     * The status of the answer, or 0 if the server closes the connection without one.
     *
     * @throws java.net.SocketTimeoutException if nothing comes in time
     */
    static int status(int port, byte[] request, Duration patience) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) patience.toMillis());
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            InputStream in = socket.getInputStream();
            byte[] line = in.readNBytes(12);
            String text = new String(line, StandardCharsets.ISO_8859_1);
            if (!text.startsWith("HTTP/1.")) {
                return 0;
            }
            // To the end, as a client would; what it says is of no interest.
            in.transferTo(OutputStream.nullOutputStream());
            return Integer.parseInt(text.substring(9, 12));
        } catch (java.net.SocketException reset) {
            return 0;
        }
    }
}
