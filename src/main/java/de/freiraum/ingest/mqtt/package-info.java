/** MQTT ways in: the built-in endpoint and the client of an existing broker. A message is acknowledged after its change is durable. Runs on the event loops of its connections. */
@NullMarked
package de.freiraum.ingest.mqtt;

import org.jspecify.annotations.NullMarked;
