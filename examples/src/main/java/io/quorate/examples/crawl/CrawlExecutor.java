package io.quorate.examples.crawl;

import com.google.protobuf.ByteString;
import io.quorate.driver.ExecutorClient;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An executor whose tasks each read one page, whose address is the task's data, and send a message
 * to the scheduler: the page, and a line for each link on it.
 */
final class CrawlExecutor {
  private static final Pattern LINK = Pattern.compile("href=\"([^\"]*)\"");

  private final ExecutorClient client = new ExecutorClient(this::event);
  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService workers = Executors.newFixedThreadPool(4);

  /** An agent starts it. */
  public static void main(String[] args) throws InterruptedException {
    CrawlExecutor executor = new CrawlExecutor();
    executor.client.run();
    executor.workers.shutdownNow();
  }

  private void event(Event event) {
    switch (event.getType()) {
      case LAUNCH -> workers.execute(() -> crawl(event.getLaunch().getTask()));
      case SHUTDOWN -> client.close();
      default -> {}
    }
  }

  private void crawl(TaskInfo task) {
    client.update(task.getTaskId(), TaskState.TASK_RUNNING);
    URI page = URI.create(task.getData().toStringUtf8());
    try {
      String text =
          http.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      String links =
          LINK.matcher(text)
              .results()
              .map(found -> page.resolve(found.group(1)).toString())
              .distinct()
              .collect(Collectors.joining("\n"));
      client.message(ByteString.copyFromUtf8(page + "\n" + links)).join();
      client.update(task.getTaskId(), TaskState.TASK_FINISHED);
    } catch (IOException e) {
      client.update(task.getTaskId(), TaskState.TASK_FAILED);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
