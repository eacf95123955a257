// A cable that is slow, and confuses and repeats frames: tc's netem is not in every kernel.
//
//   wire NETNS INNER OUTER CONTROL
//
// Makes the interface INNER in the network namespace (a path) and OUTER here, and carries frames
// between them. CONTROL holds "DELAY_MICROS JITTER_MICROS REORDER_PPM DUPLICATE_PPM" and is looked
// at twenty times a second: each frame arrives after the delay and a random part of the jitter, in
// order, but for a share that is carried at once; a share arrives twice. Prints "ready". Ends with
// its parent.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#define FRAME_MAX 2048
// More than this many on their way in one direction are dropped, as a router does.
#define FRAMES_MAX 8192
#define LOOK_MICROS 50000

struct frame {
  int64_t due;
  uint64_t number;
  int length;
  unsigned char *bytes;
};

// A heap: the frame that is due first is at 0.
struct direction {
  int from, to, count;
  int64_t last;
  struct frame frames[FRAMES_MAX];
};

static struct direction ways[2];
static uint64_t numbers;
static long delay, jitter, reorder, duplicate;

static void fail(const char *what) {
  fprintf(stderr, "wire: %s: %s\n", what, strerror(errno));
  exit(1);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000LL + time.tv_nsec / 1000;
}

static int tap(const char *name) {
  int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) fail("/dev/net/tun");
  struct ifreq request = {0};
  request.ifr_flags = IFF_TAP | IFF_NO_PI;
  strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  if (ioctl(fd, TUNSETIFF, &request) != 0) fail(name);
  return fd;
}

static int before(struct frame *one, struct frame *other) {
  return one->due != other->due ? one->due < other->due : one->number < other->number;
}

static void put(struct direction *way, const unsigned char *bytes, int length, int64_t due) {
  if (way->count == FRAMES_MAX) return;
  struct frame added = {due, numbers++, length, malloc(length)};
  if (added.bytes == NULL) return;
  memcpy(added.bytes, bytes, length);
  int i = way->count++;
  while (i > 0 && before(&added, &way->frames[(i - 1) / 2])) {
    way->frames[i] = way->frames[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  way->frames[i] = added;
}

static void drop_first(struct direction *way) {
  free(way->frames[0].bytes);
  struct frame last = way->frames[--way->count];
  int i = 0;
  for (;;) {
    int child = 2 * i + 1;
    if (child >= way->count) break;
    if (child + 1 < way->count && before(&way->frames[child + 1], &way->frames[child])) child++;
    if (!before(&way->frames[child], &last)) break;
    way->frames[i] = way->frames[child];
    i = child;
  }
  way->frames[i] = last;
}

static int chance(long ppm) { return ppm > 0 && random() % 1000000 < ppm; }

static void take(struct direction *way) {
  unsigned char bytes[FRAME_MAX];
  int length;
  while ((length = read(way->from, bytes, sizeof bytes)) > 0) {
    int64_t due = now();
    if (!chance(reorder)) {
      due += delay + (jitter > 0 ? random() % jitter : 0);
      // A slower frame holds up those behind it.
      if (due < way->last) due = way->last;
      way->last = due;
    }
    put(way, bytes, length, due);
    if (chance(duplicate)) put(way, bytes, length, due + 1);
  }
}

static void give(struct direction *way) {
  int64_t time = now();
  while (way->count > 0 && way->frames[0].due <= time) {
    // A full queue behind it drops the frame, as a switch does.
    if (write(way->to, way->frames[0].bytes, way->frames[0].length) < 0 && errno != EAGAIN &&
        errno != EIO && errno != ENOBUFS) {
      fail("write");
    }
    drop_first(way);
  }
}

static void look(const char *control) {
  FILE *file = fopen(control, "re");
  long values[4] = {0};
  if (file != NULL) {
    int read = fscanf(file, "%ld %ld %ld %ld", values, values + 1, values + 2, values + 3);
    fclose(file);
    if (read != 4) return;
  }
  delay = values[0];
  jitter = values[1];
  reorder = values[2];
  duplicate = values[3];
}

int main(int count, char **words) {
  if (count != 5) {
    fprintf(stderr, "usage: wire NETNS INNER OUTER CONTROL\n");
    return 2;
  }
  pid_t parent = getppid();
  srandom(getpid());
  int outer = tap(words[3]);
  int namespace = open(words[1], O_RDONLY | O_CLOEXEC);
  if (namespace < 0 || setns(namespace, CLONE_NEWNET) != 0) fail(words[1]);
  int inner = tap(words[2]);
  ways[0].from = ways[1].to = inner;
  ways[0].to = ways[1].from = outer;
  printf("ready\n");
  fflush(stdout);
  int64_t looked = 0;
  while (getppid() == parent) {
    int64_t time = now();
    if (time - looked >= LOOK_MICROS) {
      look(words[4]);
      looked = time;
    }
    int64_t wake = looked + LOOK_MICROS;
    for (int i = 0; i < 2; i++) {
      if (ways[i].count > 0 && ways[i].frames[0].due < wake) wake = ways[i].frames[0].due;
    }
    int64_t left = wake > time ? wake - time : 0;
    struct timespec most = {left / 1000000, left % 1000000 * 1000};
    struct pollfd ready[2] = {{ways[0].from, POLLIN, 0}, {ways[1].from, POLLIN, 0}};
    ppoll(ready, 2, &most, NULL);
    for (int i = 0; i < 2; i++) {
      take(&ways[i]);
      give(&ways[i]);
    }
  }
  return 0;
}
