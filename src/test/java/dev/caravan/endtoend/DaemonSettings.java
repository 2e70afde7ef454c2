package dev.caravan.endtoend;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Further environment variables of the daemon that the tests of a class share. */
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface DaemonSettings {

  /** Each as {@code NAME=value}. */
  String[] value();
}
