package de.freiraum.app.transfer;

import java.io.PrintWriter;
import java.util.function.LongSupplier;

/** Shows progress in one line of a terminal, or in a line for each tenth where there is none. */
public final class ProgressBar implements Progress {
    private static final int WIDTH = 40;
    private static final long BETWEEN_NANOS = 200_000_000;

    private final PrintWriter out;
    private final String unit;
    private final boolean terminal;
    private final LongSupplier nanos;
    private final long start;
    private long shownAt;
    private long shownTenths = -1;

    /**
     * A bar.
     *
     * @param unit what is counted, such as {@code entities}
     * @param terminal whether the line may be written over
     * @param nanos tells the time
     */
    public ProgressBar(PrintWriter out, String unit, boolean terminal, LongSupplier nanos) {
        this.out = out;
        this.unit = unit;
        this.terminal = terminal;
        this.nanos = nanos;
        this.start = nanos.getAsLong();
        this.shownAt = start - BETWEEN_NANOS;
    }

    @Override
    public synchronized void at(long done, long total) {
        long now = nanos.getAsLong();
        long tenths = total <= 0 ? 10 : Math.min(10, done * 10 / total);
        if (terminal ? now - shownAt < BETWEEN_NANOS && done < total : tenths == shownTenths) {
            return;
        }
        shownAt = now;
        shownTenths = tenths;
        double part = total <= 0 ? 1 : Math.min(1, (double) done / total);
        int filled = (int) (part * WIDTH);
        long seconds = Math.max(1, (now - start) / 1_000_000_000);
        String line = "[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + (int) (part * 100) + " %  " + done
                + " of " + total + " " + unit + ", " + done / seconds + " a second";
        out.print(terminal ? "\r" + line : line + System.lineSeparator());
        out.flush();
    }

    /** Ends the line. */
    public synchronized void end() {
        if (terminal) {
            out.println();
            out.flush();
        }
    }
}
