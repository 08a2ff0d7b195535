/**
 * The live feed: public changes as Server-Sent Events, for dashboards. Events are collected on one event loop and written on each client's own;
 * a client that reads slowly gets the newest state of each entity, or is disconnected, and holds up nobody.
 */
@NullMarked
package de.freiraum.notify.live;

import org.jspecify.annotations.NullMarked;
