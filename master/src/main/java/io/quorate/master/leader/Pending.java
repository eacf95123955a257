package io.quorate.master.leader;

import io.quorate.master.event.Call;
import java.util.concurrent.CompletableFuture;

/** A call that waits, and the future that its answer completes. Calls are one by identity. */
final class Pending {
  private final Call call;
  private final CompletableFuture<Answer> answer;

  Pending(Call call, CompletableFuture<Answer> answer) {
    this.call = call;
    this.answer = answer;
  }

  Call call() {
    return call;
  }

  CompletableFuture<Answer> answer() {
    return answer;
  }

  void refuse(RuntimeException why) {
    answer.completeExceptionally(why);
  }
}
