package io.quorate.master.state.entity;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.AcceptKey;
import io.quorate.master.state.id.OfferId;
import java.util.List;

/**
 * An ACCEPT that was done, so that the same call repeated is recognised and changes nothing.
 *
 * @param offers its offers, in the order of the call
 * @param digest of its operations and filters
 */
public record Accept(AcceptKey key, List<OfferId> offers, ByteString digest) {
  public Accept {
    offers = List.copyOf(offers);
  }
}
