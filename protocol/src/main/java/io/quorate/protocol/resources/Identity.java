package io.quorate.protocol.resources;

import com.google.protobuf.ByteString;
import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Resource.DiskInfo.Source;
import io.quorate.protocol.v1.Value;
import java.util.Comparator;

/**
 * What must agree for two resources to add up: name, type, reservations, disk, revocable, shared,
 * allocation, provider (Mesos 2.3). How a volume is mounted is carried along, but is no part of
 * what it is: a task may mount an offered volume at a path of its own.
 *
 * @param prototype the canonical resource without its quantity; with it for what exists as a whole
 * @param bytes of the prototype without its mount, for comparison
 */
record Identity(Resource prototype, ByteString bytes) implements Comparable<Identity> {
  private static final Comparator<Identity> ORDER =
      Comparator.<Identity, String>comparing(identity -> identity.prototype.getName())
          .thenComparing(Identity::bytes, ByteString.unsignedLexicographicalComparator());

  private static final Parser<Resource> KNOWN_FIELDS =
      DiscardUnknownFieldsParser.wrap(Resource.parser());

  /** Of a canonical resource; fields that this version does not know are left out. */
  static Identity of(Resource canonical) {
    Resource.Builder prototype = canonical.toBuilder().clearRanges().clearSet();
    if (whole(canonical)) {
      prototype.setScalar(Quantity.Scalar.value(Quantity.Scalar.millis(canonical)));
    } else {
      prototype.clearScalar();
    }
    return ofPrototype(known(prototype.build()));
  }

  /** Of a prototype that came from an identity and was changed. */
  static Identity ofPrototype(Resource prototype) {
    ByteString bytes =
        prototype.getDisk().hasVolume()
            ? prototype.toBuilder()
                .setDisk(prototype.getDisk().toBuilder().clearVolume())
                .build()
                .toByteString()
            : prototype.toByteString();
    return new Identity(prototype, bytes);
  }

  /** Whether it exists as a whole only, so that two of it do not make one larger. */
  static boolean whole(Resource resource) {
    if (resource.getType() != Value.Type.SCALAR) {
      return false;
    }
    return resource.hasShared()
        || resource.getDisk().hasPersistence()
        || (resource.getDisk().hasSource() && whole(resource.getDisk().getSource()));
  }

  private static boolean whole(Source source) {
    return switch (source.getType()) {
      case PATH, UNKNOWN -> false;
      case MOUNT, BLOCK -> true;
      // Raw storage is a pool until a part of it was given an id.
      case RAW -> source.hasId();
    };
  }

  private static Resource known(Resource prototype) {
    boolean plain =
        prototype.getUnknownFields().isEmpty()
            && !prototype.hasProviderId()
            && !prototype.hasAllocationInfo()
            && prototype.getReservationsCount() == 0
            && !prototype.hasDisk()
            && !prototype.hasRevocable()
            && !prototype.hasShared();
    if (plain) {
      return prototype;
    }
    try {
      return KNOWN_FIELDS.parsePartialFrom(prototype.toByteString());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a message that was just written can be read", e);
    }
  }

  @Override
  public int compareTo(Identity other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Identity identity && bytes.equals(identity.bytes);
  }

  @Override
  public int hashCode() {
    return bytes.hashCode();
  }
}
