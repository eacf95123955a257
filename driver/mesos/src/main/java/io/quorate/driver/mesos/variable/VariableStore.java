package io.quorate.driver.mesos.variable;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** A place for variables, which compares versions before it changes one. */
public interface VariableStore {
  /** The variable, or an empty one. */
  KeptVariable fetch(String name) throws IOException;

  /** Stores the value if the variable still has its version: with the new one; else empty. */
  Optional<KeptVariable> store(KeptVariable variable) throws IOException;

  /** Removes the variable if it still has its version; else false. */
  boolean expunge(KeptVariable variable) throws IOException;

  /** The names of all that there are, in order. */
  List<String> names() throws IOException;
}
