package de.freiraum.jsonld;

/** Hears of what comes into the cache of remote contexts and leaves it, to keep it on disk. Calls return at once. */
public interface ContextCacheListener {
    /** Hears nothing. */
    ContextCacheListener NONE = new ContextCacheListener() {
        @Override
        public void stored(CachedContext entry) {}

        @Override
        public void removed(String url) {}
    };

    /** A document was fetched, for the first time or anew. */
    void stored(CachedContext entry);

    /** A document left the cache. */
    void removed(String url);
}
