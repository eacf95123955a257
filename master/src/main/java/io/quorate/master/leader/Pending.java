package io.quorate.master.leader;

import io.quorate.master.event.Call;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A call on its way, and where its answer goes. */
record Pending(Call call, CompletableFuture<Answer> answer) {
  void refuse(RuntimeException why) {
    answer.completeExceptionally(why);
  }

  /** Answers a batch as decided, or by the failure that voided it. */
  static void settle(List<Pending> batch, List<Runnable> answers, Throwable failure) {
    if (failure == null) {
      answers.forEach(Runnable::run);
    } else {
      batch.forEach(pending -> pending.answer.completeExceptionally(failure));
    }
  }
}
