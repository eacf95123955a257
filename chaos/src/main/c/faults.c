// A disk that can fail, for one Java process: loaded by LD_PRELOAD.
//
// All that the process changes below QUORATE_FAULTS_ROOT is written first to the undo log in
// QUORATE_FAULTS_UNDO: the bytes that a write replaces, the tail that a truncation cuts off, names
// that are made, moved and removed. An fsync is written there too. Whoever kills the process can
// then take back all that no fsync made durable (UndoLog.java reads it). The file "control" there
// holds "SYNC_MILLIS SYNC_ERRNO WRITE_ERRNO": how much longer each fsync takes, and what it, or each
// write, fails with; 0 for not at all.
//
// What the process changes through memory maps is not seen: Chronicle Queues are outside of it.
// Names are durable once their directory is synced, or, for a new file, the file itself, as with
// ext4.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define FDS_MAX 65536

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static char root[PATH_MAX];
static char undo[PATH_MAX / 2];
static int undo_fd = -1;
static unsigned long trashed;

// Which descriptors are files or directories below the root.
static unsigned char watched[FDS_MAX];

#define REAL(name) \
  static __typeof__(&name) real; \
  if (real == NULL) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static int (*real_open)(const char *, int, ...);
static ssize_t (*real_write)(int, const void *, size_t);

__attribute__((constructor)) static void start(void) {
  if (real_open != NULL) return;
  real_open = (int (*)(const char *, int, ...))dlsym(RTLD_NEXT, "open");
  real_write = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  const char *r = getenv("QUORATE_FAULTS_ROOT");
  const char *u = getenv("QUORATE_FAULTS_UNDO");
  char exe[PATH_MAX] = "";
  if (readlink("/proc/self/exe", exe, sizeof exe - 1) < 0) return;
  const char *base = strrchr(exe, '/');
  // The shells that start the process load this too, and must hand it on.
  if (r == NULL || u == NULL || base == NULL || strcmp(base, "/java") != 0) return;
  // What the process starts is not its disk's.
  unsetenv("LD_PRELOAD");
  snprintf(root, sizeof root, "%s", r);
  snprintf(undo, sizeof undo, "%s", u);
  char log[PATH_MAX];
  snprintf(log, sizeof log, "%s/log", undo);
  undo_fd = real_open(log, O_CREAT | O_WRONLY | O_TRUNC | O_APPEND | O_CLOEXEC, 0644);
}

static int below(const char *path) {
  size_t length = strlen(root);
  return undo_fd >= 0 && path != NULL && strncmp(path, root, length) == 0 &&
         (path[length] == '/' || path[length] == 0);
}

static int is_watched(int fd) { return undo_fd >= 0 && fd >= 0 && fd < FDS_MAX && watched[fd]; }

static void control(long *sync_millis, int *sync_errno, int *write_errno) {
  char path[PATH_MAX], text[100];
  snprintf(path, sizeof path, "%s/control", undo);
  *sync_millis = 0;
  *sync_errno = *write_errno = 0;
  int fd = real_open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return;
  ssize_t n = read(fd, text, sizeof text - 1);
  close(fd);
  if (n > 0) {
    text[n] = 0;
    sscanf(text, "%ld %d %d", sync_millis, sync_errno, write_errno);
  }
}

static int write_fails(void) {
  long millis;
  int on_sync, on_write;
  control(&millis, &on_sync, &on_write);
  if (on_write != 0) errno = on_write;
  return on_write != 0;
}

// An undo log with holes would undo the wrong things.
static void die(const char *what) {
  dprintf(2, "faults.c: %s: %s\n", what, strerror(errno));
  abort();
}

static void all(const char *bytes, size_t n) {
  while (n > 0) {
    ssize_t done = real_write(undo_fd, bytes, n);
    if (done <= 0) die("the undo log cannot be written");
    bytes += done;
    n -= done;
  }
}

static void note(const char *format, ...) {
  char line[3 * PATH_MAX];
  va_list arguments;
  va_start(arguments, format);
  int n = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  all(line, n);
}

// The bytes of a file from offset on are about to change.
static void note_bytes(int fd, off_t offset, size_t length) {
  struct stat now;
  // A number that was closed behind this layer's back may be a pipe by now.
  if (fstat(fd, &now) != 0 || !S_ISREG(now.st_mode)) return;
  size_t old = 0;
  if (offset < now.st_size) {
    old = (off_t)(offset + length) > now.st_size ? (size_t)(now.st_size - offset) : length;
  }
  char *bytes = NULL;
  if (old > 0) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    int in = real_open(path, O_RDONLY | O_CLOEXEC);
    bytes = malloc(old);
    if (in < 0 || bytes == NULL || pread(in, bytes, old, offset) != (ssize_t)old) {
      die("the bytes that a write replaces cannot be read");
    }
    close(in);
  }
  note("W %lu %ld %ld %zu %zu\n", now.st_ino, (long)offset, (long)now.st_size, old, length);
  if (old > 0) all(bytes, old);
  free(bytes);
}

static void trash(const char *path) {
  char kept[PATH_MAX];
  snprintf(kept, sizeof kept, "%s/%lu", undo, ++trashed);
  unlink(kept);
  if (link(path, kept) != 0) return;
  note("U %lu %s\n", trashed, path);
}

// -- Names --------------------------------------------------------------------------------------

static int opened(const char *path, int flags, mode_t mode) {
  if (!below(path)) return real_open(path, flags, mode);
  pthread_mutex_lock(&mutex);
  struct stat before;
  int existed = stat(path, &before) == 0;
  if ((flags & O_CREAT) && !existed && write_fails()) {
    pthread_mutex_unlock(&mutex);
    return -1;
  }
  if (existed && (flags & O_TRUNC) && (flags & O_ACCMODE) != O_RDONLY && before.st_size > 0) {
    int fd = real_open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
      note_bytes(fd, 0, before.st_size);
      close(fd);
    }
  }
  int fd = real_open(path, flags, mode);
  if (fd >= 0 && fd < FDS_MAX) {
    watched[fd] = 1;
    struct stat now;
    if (!existed && (flags & O_CREAT) && fstat(fd, &now) == 0) note("C %lu %s\n", now.st_ino, path);
  }
  pthread_mutex_unlock(&mutex);
  return fd;
}

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(arguments, mode_t) : 0; \
    va_end(arguments); \
    if (real_open == NULL) start(); \
    return opened(path, flags, mode); \
  }
OPEN(open)
OPEN(open64)

int close(int fd) {
  REAL(close);
  if (fd >= 0 && fd < FDS_MAX) watched[fd] = 0;
  return real(fd);
}

int fclose(FILE *file) {
  REAL(fclose);
  int fd = fileno(file);
  if (fd >= 0 && fd < FDS_MAX) watched[fd] = 0;
  return real(file);
}

int rename(const char *from, const char *to) {
  REAL(rename);
  if (!below(from) && !below(to)) return real(from, to);
  if (write_fails()) return -1;
  pthread_mutex_lock(&mutex);
  trash(to);
  note("R %s\n%s\n", from, to);
  int result = real(from, to);
  int error = errno;
  if (result != 0) note("X\n");
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

int unlink(const char *path) {
  REAL(unlink);
  if (!below(path)) return real(path);
  pthread_mutex_lock(&mutex);
  trash(path);
  int result = real(path);
  pthread_mutex_unlock(&mutex);
  return result;
}

int remove(const char *path) {
  struct stat now;
  if (lstat(path, &now) == 0 && S_ISDIR(now.st_mode)) return rmdir(path);
  return unlink(path);
}

int link(const char *from, const char *to) {
  REAL(link);
  int result = real(from, to);
  struct stat now;
  if (result == 0 && below(to) && stat(to, &now) == 0) {
    pthread_mutex_lock(&mutex);
    // A second name of a file is durable by its directory only: no file has number 0.
    note("C 0 %s\n", to);
    pthread_mutex_unlock(&mutex);
  }
  return result;
}

int rmdir(const char *path) {
  REAL(rmdir);
  int result = real(path);
  if (result == 0 && below(path)) {
    pthread_mutex_lock(&mutex);
    note("D %s\n", path);
    pthread_mutex_unlock(&mutex);
  }
  return result;
}

// -- Bytes --------------------------------------------------------------------------------------

static off_t position(int fd) {
  struct stat now;
  if ((fcntl(fd, F_GETFL) & O_APPEND) && fstat(fd, &now) == 0) return now.st_size;
  return lseek(fd, 0, SEEK_CUR);
}

// The lock is held across the write, so that the log has the order of the disk.
#define CHANGE(fd, offset, length, call) \
  if (write_fails()) return -1; \
  pthread_mutex_lock(&mutex); \
  note_bytes(fd, offset, length); \
  __typeof__(call) result = call; \
  int error = errno; \
  pthread_mutex_unlock(&mutex); \
  errno = error; \
  return result

ssize_t write(int fd, const void *bytes, size_t n) {
  if (real_write == NULL) start();
  if (!is_watched(fd)) return real_write(fd, bytes, n);
  CHANGE(fd, position(fd), n, real_write(fd, bytes, n));
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
  REAL(writev);
  if (!is_watched(fd)) return real(fd, parts, count);
  size_t n = 0;
  for (int i = 0; i < count; i++) n += parts[i].iov_len;
  CHANGE(fd, position(fd), n, real(fd, parts, count));
}

#define PWRITE(name) \
  ssize_t name(int fd, const void *bytes, size_t n, off_t offset) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, bytes, n, offset); \
    CHANGE(fd, offset, n, real(fd, bytes, n, offset)); \
  }
PWRITE(pwrite)
PWRITE(pwrite64)

#define FTRUNCATE(name) \
  int name(int fd, off_t length) { \
    REAL(name); \
    if (!is_watched(fd)) return real(fd, length); \
    struct stat now; \
    size_t cut = fstat(fd, &now) == 0 && now.st_size > length ? now.st_size - length : 0; \
    CHANGE(fd, length, cut, real(fd, length)); \
  }
FTRUNCATE(ftruncate)
FTRUNCATE(ftruncate64)

// -- Durable ------------------------------------------------------------------------------------

static int synced(int fd, int (*real)(int)) {
  if (!is_watched(fd)) return real(fd);
  long millis;
  int on_sync, on_write;
  control(&millis, &on_sync, &on_write);
  if (millis > 0) {
    struct timespec pause = {millis / 1000, millis % 1000 * 1000000};
    nanosleep(&pause, NULL);
  }
  if (on_sync != 0) {
    errno = on_sync;
    return -1;
  }
  // What is written while the sync runs may be durable or not: it is taken for not.
  pthread_mutex_lock(&mutex);
  struct stat now;
  int known = fstat(fd, &now) == 0;
  char path[PATH_MAX] = "", self[64];
  if (known && S_ISDIR(now.st_mode)) {
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    if (readlink(self, path, sizeof path - 1) < 0) known = 0;
  }
  int result = real(fd);
  int error = errno;
  if (result == 0 && known) {
    if (path[0] != 0) {
      note("N %s\n", path);
    } else {
      note("S %lu\n", now.st_ino);
    }
  }
  pthread_mutex_unlock(&mutex);
  errno = error;
  return result;
}

int fsync(int fd) {
  REAL(fsync);
  return synced(fd, real);
}

int fdatasync(int fd) {
  REAL(fdatasync);
  return synced(fd, real);
}
