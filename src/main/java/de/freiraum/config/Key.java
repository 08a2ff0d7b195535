package de.freiraum.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The key of a component where its Java name cannot be the key (such as {@code default} or {@code case}); on a record that implements a
 * sealed interface: the value of {@code type} that selects it.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.RECORD_COMPONENT, ElementType.TYPE})
public @interface Key {
    /** The key. */
    String value();
}
