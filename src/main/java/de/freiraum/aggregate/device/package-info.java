/** Whether devices report, and how their batteries are. */
@NullMarked
package de.freiraum.aggregate.device;

import org.jspecify.annotations.NullMarked;
