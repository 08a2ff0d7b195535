/**
 * The simulated city life behind {@code freiraum demo}: devices at public places whose states and counts are invented, sent as real-format
 * messages through the MQTT endpoint like any sensor's. All of it is pure except {@link de.freiraum.app.demo.DemoFeeder}, which runs on one
 * event loop.
 */
@NullMarked
package de.freiraum.app.demo;

import org.jspecify.annotations.NullMarked;
