package de.freiraum.ingest.layout;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chain of channels to the end of the frame, as Milesight and Cayenne LPP write them: each a key, then its fields.
 *
 * @param keyBytes how many bytes a key has, 1 to 4
 * @param length the number behind the key that tells how many bytes the fields have, or null: they tell it themselves
 * @param channels the first that a key fits counts
 * @param unknown what to do with a key that fits none
 */
public record Channels(int keyBytes, @Nullable NumberType length, List<Channel> channels, Unknown unknown)
        implements Part {
    /** Copies the list. */
    public Channels {
        channels = List.copyOf(channels);
    }

    /** What to do with an unknown channel. */
    public enum Unknown {
        /** Refuse the payload: nothing behind it can be found. */
        refuse,
        /** Take what came before. */
        stop,
        /** Pass over it; only where its length is told. */
        skip
    }

    /**
     * One channel, or one kind of channels.
     *
     * @param key which keys it is for
     * @param parts its fields, or null: the frame ends before it
     * @param into the list to which its fields are added as an object, or null: they are fields of the frame
     */
    public record Channel(
            ChannelKey key,
            @Nullable Sequence parts,
            @Nullable String into) {}

    @Override
    public void read(Cursor in, Fields out) {
        while (!in.atEnd()) {
            int start = in.position();
            byte[] key = in.take(keyBytes, "channel");
            Channel channel = channel(key);
            int bytes = length == null ? -1 : (int) Math.min(Integer.MAX_VALUE, length.raw(in, "length"));
            Cursor inside = length == null ? in : in.part(bytes, "channel " + ChannelKey.text(key));
            if (channel == null) {
                if (unknown == Unknown.refuse) {
                    throw in.refusal("channel " + ChannelKey.text(key) + " at byte " + start + " is unknown");
                }
                if (unknown == Unknown.stop) {
                    in.take(in.left(), "rest");
                    return;
                }
            } else if (channel.parts() == null) {
                in.take(in.left(), "rest");
                return;
            } else {
                read(channel, key, inside, out);
                if (length != null && inside.unread() > 0) {
                    throw in.refusal("channel " + ChannelKey.text(key) + " at byte " + start + " has " + inside.unread()
                            + " bytes more than its fields");
                }
            }
        }
    }

    private static void read(Channel channel, byte[] key, Cursor in, Fields out) {
        Sequence parts = channel.parts();
        if (parts == null) {
            return;
        }
        if (channel.into() == null) {
            parts.read(in, out.ofChannel(key[0] & 0xFF));
            return;
        }
        Fields entry = out.inside().ofChannel(key[0] & 0xFF);
        parts.read(in, entry);
        out.append(channel.into(), entry.object(), in);
    }

    private @Nullable Channel channel(byte[] key) {
        for (Channel channel : channels) {
            if (channel.key().matches(key)) {
                return channel;
            }
        }
        return null;
    }

    @Override
    public int least() {
        return 0;
    }
}
