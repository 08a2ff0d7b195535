package de.freiraum.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The value of a record component that nobody sets, written as it would stand in the file. Without it a component must be set, unless it is
 * {@code @Nullable}, an {@code Optional}, a list, set or map (empty then), or a record that can be made of its own defaults.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** The default, as text. */
    String value();
}
