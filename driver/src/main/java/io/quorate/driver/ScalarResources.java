package io.quorate.driver;

import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;

/**
 * Amounts of resources that are numbers: {@code cpus}, {@code mem} and {@code disk} (both in MB).
 */
public final class ScalarResources {
  private ScalarResources() {}

  /** So much of a resource. */
  public static Resource.Builder scalar(String name, double amount) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(amount));
  }

  /** How much an offer holds of a resource, whoever it is reserved for. */
  public static double amount(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }
}
