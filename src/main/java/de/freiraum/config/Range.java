package de.freiraum.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The numbers that a component may have, both ends included. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Range {
    /** The least number allowed. */
    long min() default Long.MIN_VALUE;

    /** The greatest number allowed. */
    long max() default Long.MAX_VALUE;
}
