// quorate-supervisor runs one program apart from the agent, as the user that the order names, and ends all that it
// leaves behind. It is the program's parent and a child subreaper, so that nothing that the program starts gets away
// from it, whatever session or environment it gives itself. It outlives the agent: what the agent is to know is in
// files (the marks), which any later agent process reads.
//
// THE ORDER comes on descriptor 0, so that no shell parses it and no process listing shows it:
//
//     QUORATE1 <bytes of all fields>\n
//     <name> <bytes of the value>\n<value>\n        (a field; as often as there are fields)
//
// Lengths are decimal; values are any bytes but NUL. Exactly the announced bytes are read: what follows on the
// descriptor is the program's, where the order says so. An order that ends early is none, and nothing is done.
//
//     program   what is executed; without a slash it is looked up in the PATH of the program's own environment
//     arg       a word of its argv, argv[0] included; repeated
//     env       NAME=VALUE of its environment; repeated. Nothing else is in it
//     folder    its working folder; no link. What is above it need not be open to the user
//     uid, gid  whose rights it gets; absent: those of this process
//     group     a supplementary group of it; repeated. Without uid it means nothing
//     cgroup    a file that its pid is written to before it has those rights; repeated
//     rlimit    "<resource> <soft> <hard>", numbers of setrlimit(2), -1 for no limit; repeated
//     limit     milliseconds from its start, after which it and all that it started get SIGKILL
//     marks     the folder of the marks; it must be its owner's alone. This makes it a task, see below
//     input     "rest": its standard input is what follows the order; absent: /dev/null
//
// A TASK (with "marks") has its output appended to `stdout` and `stderr` in its folder, which are made with the rights
// of its user and are never followed when they are links. On descriptor 1 one line is reported and the descriptor is
// closed: "started <pid>", "again" if a supervisor for these marks was there before (then nothing is done), or
// "failed <why>". The marks, each written aside, synced and renamed:
//
//     started   "<pid of the supervisor> <its start time in ticks since boot> <boot id>"; made once, before the task
//     status    "<status of wait(2), decimal>", followed by " limit" if the limit ended the task; its room on the disk
//               is set aside before the task begins, so that a full disk does not hide it
//
// SIGTERM is passed on to the task and to all that it started; SIGUSR1 ends them by SIGKILL. Both may come at any
// moment: they are blocked from the first instruction on and taken when there is somebody to get them.
//
// A HELPER (without "marks") inherits descriptors 1 and 2. The end of descriptor 0, SIGTERM or SIGUSR1 end it with all
// that it started. The exit status is the helper's; 128 + n for signal n; 124 for the limit; 125 if it was not started,
// with the reason on descriptor 2.

#define _GNU_SOURCE
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
  ORDER_BYTES_MAX = 64 << 20,
  FIELDS_MAX = 1 << 20,
  TEXT_BYTES = 512,
  MARK_BYTES = 64,
  SWEEP_MILLIS_MAX = 10000,  // after that the status is told though something that cannot be killed is left
  MARK_TRIES = 60,
  EXIT_LIMIT = 124,
  EXIT_NOT_STARTED = 125,
};

struct fields {
  char **values;  // ends with a null pointer
  size_t count;
};

static struct {
  char *bytes;
  size_t size;
  const char *program, *folder, *marks;
  bool lowered, rest;
  uid_t uid;
  gid_t gid;
  int64_t limit_millis;
  struct fields args, env, groups, cgroups, rlimits;
} order = {.limit_millis = -1};

static bool task;        // otherwise it is a helper
static int marks = -1;   // the folder of the marks
static int status_mark = -1;

// -- Words --------------------------------------------------------------------------------------------------------

static void write_all(int to, const char *bytes, size_t size) {
  while (size > 0) {
    ssize_t done = write(to, bytes, size);
    if (done < 0 && errno != EINTR) {
      return;  // nobody listens any more
    }
    if (done > 0) {
      bytes += done;
      size -= (size_t)done;
    }
  }
}

// Tells why nothing was started, and ends.
__attribute__((noreturn, format(printf, 1, 2))) static void fail(const char *format, ...) {
  char text[TEXT_BYTES];
  va_list values;
  va_start(values, format);
  int size = vsnprintf(text, sizeof text - 1, format, values);
  va_end(values);
  size_t used = size < 0 ? 0 : (size_t)size < sizeof text - 1 ? (size_t)size : sizeof text - 2;
  text[used++] = '\n';
  if (task) {
    write_all(1, "failed ", 7);
    write_all(1, text, used);
  } else {
    write_all(2, text, used);
  }
  _exit(EXIT_NOT_STARTED);
}

// -- The order ----------------------------------------------------------------------------------------------------

static bool read_exactly(char *into, size_t size) {
  while (size > 0) {
    ssize_t done = read(0, into, size);
    if (done == 0 || (done < 0 && errno != EINTR)) {
      return false;
    }
    if (done > 0) {
      into += done;
      size -= (size_t)done;
    }
  }
  return true;
}

static int64_t number(const char *text, int64_t least, int64_t most, const char *what) {
  char *end;
  errno = 0;
  long long value = strtoll(text, &end, 10);
  if (errno != 0 || end == text || *end != 0 || value < least || value > most) {
    fail("the order's '%s' is no number from %lld to %lld", what, (long long)least, (long long)most);
  }
  return value;
}

static void add(struct fields *to, char *value) {
  if (to->count >= FIELDS_MAX) {
    fail("the order has more than %d fields of one name", FIELDS_MAX);
  }
  if ((to->count & (to->count + 1)) == 0) {  // one below a power of two: there is no room for this one and the end
    to->values = realloc(to->values, (2 * to->count + 2) * sizeof *to->values);
    if (to->values == NULL) {
      fail("there is no memory for the order");
    }
  }
  to->values[to->count++] = value;
  to->values[to->count] = NULL;
}

static void take(const char *name, char *value) {
  if (!strcmp(name, "program")) {
    order.program = value;
  } else if (!strcmp(name, "arg")) {
    add(&order.args, value);
  } else if (!strcmp(name, "env")) {
    add(&order.env, value);
  } else if (!strcmp(name, "folder")) {
    order.folder = value;
  } else if (!strcmp(name, "uid")) {
    order.uid = (uid_t)number(value, 0, UINT32_MAX - 1LL, "uid");
    order.lowered = true;
  } else if (!strcmp(name, "gid")) {
    order.gid = (gid_t)number(value, 0, UINT32_MAX - 1LL, "gid");
  } else if (!strcmp(name, "group")) {
    add(&order.groups, value);
  } else if (!strcmp(name, "cgroup")) {
    add(&order.cgroups, value);
  } else if (!strcmp(name, "rlimit")) {
    add(&order.rlimits, value);
  } else if (!strcmp(name, "limit")) {
    order.limit_millis = number(value, 0, INT64_MAX / 4, "limit");
  } else if (!strcmp(name, "marks")) {
    order.marks = value;
    task = true;
  } else if (!strcmp(name, "input")) {
    order.rest = !strcmp(value, "rest");
  } else {
    fail("the order has a field '%.40s' that this supervisor does not know", name);
  }
}

// Reads a line's number behind a word; returns where the next line begins.
static char *header(char *at, char *end, char **name, size_t *size) {
  char *line = memchr(at, '\n', (size_t)(end - at));
  char *blank = line == NULL ? NULL : memchr(at, ' ', (size_t)(line - at));
  if (blank == NULL) {
    fail("the order has a field without a length");
  }
  *blank = 0;
  *line = 0;
  *name = at;
  *size = (size_t)number(blank + 1, 0, ORDER_BYTES_MAX, "length");
  return line + 1;
}

static void read_order(void) {
  char first[64];
  size_t used = 0;
  do {
    if (used == sizeof first - 1) {
      fail("what came is no order");
    }
    if (!read_exactly(first + used, 1)) {
      _exit(EXIT_NOT_STARTED);  // whoever began to give it is gone
    }
  } while (first[used++] != '\n');
  char *name;
  header(first, first + used, &name, &order.size);
  if (strcmp(name, "QUORATE1")) {
    fail("what came is no order");
  }
  order.bytes = malloc(order.size + 1);
  if (order.bytes == NULL) {
    fail("there is no memory for an order of %zu bytes", order.size);
  }
  if (!read_exactly(order.bytes, order.size)) {
    _exit(EXIT_NOT_STARTED);
  }
  char *end = order.bytes + order.size;
  for (char *at = order.bytes; at < end;) {
    size_t size;
    at = header(at, end, &name, &size);
    if ((size_t)(end - at) < size + 1 || at[size] != '\n') {
      fail("the order's '%.40s' does not have the length that it tells", name);
    }
    at[size] = 0;
    if (strlen(at) != size) {
      fail("the order's '%.40s' contains a NUL", name);
    }
    take(name, at);
    at += size + 1;
  }
  if (order.program == NULL || order.folder == NULL || order.args.count == 0) {
    fail("the order lacks a program, an argument or a folder");
  }
  if (order.env.values == NULL) {
    add(&order.env, NULL);
  }
}

// -- Marks --------------------------------------------------------------------------------------------------------

// The time since boot at which this process was started, in ticks: field 22 of its stat. It tells it from later ones.
static unsigned long long start_time(void) {
  char text[1024];
  int from = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
  ssize_t size = from < 0 ? -1 : read(from, text, sizeof text - 1);
  close(from);
  if (size <= 0) {
    return 0;
  }
  text[size] = 0;
  char *at = strrchr(text, ')');
  for (int field = 2; at != NULL && field < 22; field++) {
    at = strchr(at + 1, ' ');
  }
  return at == NULL ? 0 : strtoull(at + 1, NULL, 10);
}

static void boot_id(char *into, size_t size) {
  int from = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
  ssize_t got = from < 0 ? 0 : read(from, into, size - 1);
  close(from);
  into[got > 0 ? got : 0] = 0;
  into[strcspn(into, "\n")] = 0;
}

// Sets room aside for the status, and makes the mark of the start. A second start of the same task is none.
static void mark_start(void) {
  marks = open(order.marks, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  struct stat about;
  if (marks < 0 || fstat(marks, &about) != 0) {
    fail("the folder of the marks, %.300s, cannot be opened: %s", order.marks, strerror(errno));
  }
  if (about.st_uid != geteuid() || (about.st_mode & 022) != 0) {
    fail("the folder of the marks, %.300s, can be changed by others", order.marks);
  }
  char text[MARK_BYTES + 1], name[48], spare[48], boot[40];
  snprintf(name, sizeof name, "started.%d", (int)getpid());
  snprintf(spare, sizeof spare, "status.%d", (int)getpid());
  boot_id(boot, sizeof boot);
  status_mark = openat(marks, spare, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  memset(text, ' ', MARK_BYTES);
  text[MARK_BYTES - 1] = '\n';
  bool made = status_mark >= 0 && pwrite(status_mark, text, MARK_BYTES, 0) == MARK_BYTES && fsync(status_mark) == 0;
  int size = snprintf(text, sizeof text, "%d %llu %.36s\n", (int)getpid(), start_time(), boot);
  int started = openat(marks, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  made = made && started >= 0 && write(started, text, (size_t)size) == size && fsync(started) == 0;
  // By its name at once with all that is in it, and only if it is not there: that is what link(2) does.
  bool again = made && linkat(marks, name, marks, "started", 0) != 0;
  int why = errno;
  close(started);
  unlinkat(marks, name, 0);
  if (!made || again) {
    unlinkat(marks, spare, 0);
    if (again && why == EEXIST) {
      write_all(1, "again\n", 6);
      _exit(0);
    }
    fail("the marks in %.300s cannot be written: %s", order.marks, strerror(why));
  }
  fsync(marks);
}

static void mark_status(int status, bool limit) {
  char text[MARK_BYTES + 1], spare[48];
  memset(text, ' ', MARK_BYTES);
  int size = snprintf(text, sizeof text, "%d%s", status, limit ? " limit" : "");
  text[size] = ' ';
  text[MARK_BYTES - 1] = '\n';
  snprintf(spare, sizeof spare, "status.%d", (int)getpid());
  for (int i = 0; i < MARK_TRIES; i++) {
    if (pwrite(status_mark, text, MARK_BYTES, 0) == MARK_BYTES && fsync(status_mark) == 0 &&
        renameat(marks, spare, marks, "status") == 0) {
      fsync(marks);
      return;
    }
    sleep(1);
  }
}

// -- The program --------------------------------------------------------------------------------------------------

// What the child tells its supervisor before it becomes the program; nothing, if it does become it.
__attribute__((noreturn, format(printf, 2, 3))) static void refuse(int to, const char *format, ...) {
  char text[TEXT_BYTES];
  va_list values;
  va_start(values, format);
  int size = vsnprintf(text, sizeof text, format, values);
  va_end(values);
  write_all(to, text, size < 0 ? 0 : (size_t)size < sizeof text ? (size_t)size : sizeof text - 1);
  _exit(127);
}

// A kernel's hierarchy has the file already; a directory that stands for one has it from here on.
static void enter_cgroups(int tell) {
  char pid[32];
  int size = snprintf(pid, sizeof pid, "%d", (int)getpid());
  for (size_t i = 0; i < order.cgroups.count; i++) {
    int to = open(order.cgroups.values[i], O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (to < 0 || write(to, pid, (size_t)size) != size) {
      refuse(tell, "%.300s cannot be entered: %s", order.cgroups.values[i], strerror(errno));
    }
    close(to);
  }
}

static void set_limits(int tell) {
  for (size_t i = 0; i < order.rlimits.count; i++) {
    int resource;
    long long soft, hard;
    if (sscanf(order.rlimits.values[i], "%d %lld %lld", &resource, &soft, &hard) != 3) {
      refuse(tell, "the resource limit '%.60s' is not understood", order.rlimits.values[i]);
    }
    struct rlimit limit = {soft < 0 ? RLIM_INFINITY : (rlim_t)soft, hard < 0 ? RLIM_INFINITY : (rlim_t)hard};
    if (setrlimit(resource, &limit) != 0) {
      refuse(tell, "the resource limit '%.60s' cannot be set: %s", order.rlimits.values[i], strerror(errno));
    }
  }
}

// Becomes the user, without a way back. From here on nothing is done that the user could not do.
static void lower(int tell) {
  if (!order.lowered) {
    return;
  }
  gid_t *groups = calloc(order.groups.count + 1, sizeof *groups);
  if (groups == NULL) {
    refuse(tell, "there is no memory for the groups of the user");
  }
  for (size_t i = 0; i < order.groups.count; i++) {
    groups[i] = (gid_t)strtoul(order.groups.values[i], NULL, 10);
  }
  if (setgroups(order.groups.count, groups) != 0 || setresgid(order.gid, order.gid, order.gid) != 0 ||
      setresuid(order.uid, order.uid, order.uid) != 0) {
    refuse(tell, "the rights of user %u, group %u cannot be taken: %s", order.uid, order.gid, strerror(errno));
  }
  uid_t uids[3];
  gid_t gids[3];
  if (getresuid(&uids[0], &uids[1], &uids[2]) != 0 || getresgid(&gids[0], &gids[1], &gids[2]) != 0) {
    refuse(tell, "the rights that were taken cannot be looked at: %s", strerror(errno));
  }
  for (int i = 0; i < 3; i++) {
    if (uids[i] != order.uid || gids[i] != order.gid) {
      refuse(tell, "the rights of user %u, group %u were not taken", order.uid, order.gid);
    }
  }
  if (order.uid != 0 && setuid(0) == 0) {
    refuse(tell, "the rights of root can be had again");
  }
  free(groups);
}

// Opens one of the files for output. A link, a FIFO or a device that somebody put in its place is not opened.
static int output(const char *name, int tell) {
  int file = open(name, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0640);
  struct stat about;
  if (file < 0) {
    refuse(tell, "'%s' in the sandbox cannot be opened%s: %s", name, errno == ELOOP ? ", as it is a link" : "",
           strerror(errno));
  }
  if (fstat(file, &about) != 0 || !S_ISREG(about.st_mode)) {
    refuse(tell, "'%s' in the sandbox is not a regular file", name);
  }
  fcntl(file, F_SETFL, O_APPEND);
  return file;
}

static void default_signals(void) {
  struct sigaction action = {.sa_handler = SIG_DFL};
  for (int i = 1; i < NSIG; i++) {
    sigaction(i, &action, NULL);
  }
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
}

__attribute__((noreturn)) static void become(int tell, pid_t supervisor) {
  setsid();
  enter_cgroups(tell);
  set_limits(tell);
  // The folder itself, which only the agent can make; what is above it need not be open to the user.
  int folder = open(order.folder, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (folder < 0) {
    refuse(tell, "the folder %.300s cannot be opened: %s", order.folder, strerror(errno));
  }
  lower(tell);
  // After that of the user, which would take it back. If the supervisor is killed, nobody would look after this one.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != supervisor) {
    _exit(127);
  }
  if (fchdir(folder) != 0) {
    refuse(tell, "the folder %.300s cannot be entered by user %u: %s", order.folder, geteuid(), strerror(errno));
  }
  umask(022);
  if (!order.rest) {
    int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (nothing < 0 || dup2(nothing, 0) < 0) {
      refuse(tell, "/dev/null cannot be opened: %s", strerror(errno));
    }
  }
  if (task) {
    int out = output("stdout", tell), err = output("stderr", tell);
    if (dup2(out, 1) < 0 || dup2(err, 2) < 0) {
      refuse(tell, "'stdout' and 'stderr' cannot be used: %s", strerror(errno));
    }
  }
  default_signals();
  environ = order.env.values;
  execvp(order.program, order.args.values);
  int why = errno;
  refuse(tell, "'%.200s' cannot be run as user %u: %s", order.program, geteuid(),
         why == E2BIG ? "its arguments and variables are too long" : strerror(why));
}

// Starts the program, and comes back once it is the program.
static pid_t start(void) {
  int told[2];
  if (pipe2(told, O_CLOEXEC) != 0) {
    fail("no pipe can be made: %s", strerror(errno));
  }
  pid_t supervisor = getpid();
  pid_t child = fork();
  if (child < 0) {
    fail("no process can be made: %s", strerror(errno));
  }
  if (child == 0) {
    become(told[1], supervisor);
  }
  close(told[1]);
  char text[TEXT_BYTES];
  size_t size = 0;
  ssize_t got;
  while ((got = read(told[0], text + size, sizeof text - size)) > 0 || (got < 0 && errno == EINTR)) {
    size += got > 0 ? (size_t)got : 0;
  }
  close(told[0]);
  if (size > 0) {
    int status;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (task) {
      mark_status(127 << 8, false);
    }
    fail("%.*s", (int)size, text);
  }
  return child;
}

// -- Ends ---------------------------------------------------------------------------------------------------------

struct process {
  pid_t pid, parent, group;
  bool ours, zombie;
};

static int by_pid(const void *one, const void *other) {
  pid_t first = ((const struct process *)one)->pid, second = ((const struct process *)other)->pid;
  return (first > second) - (first < second);
}

// Every process of this machine, by pid; the caller frees it.
static struct process *processes(size_t *count) {
  struct process *all = NULL;
  size_t room = 0;
  *count = 0;
  DIR *proc = opendir("/proc");
  for (struct dirent *entry; proc != NULL && (entry = readdir(proc)) != NULL;) {
    if (!isdigit((unsigned char)entry->d_name[0])) {
      continue;
    }
    char name[sizeof "/stat" + 256], text[1024];
    snprintf(name, sizeof name, "%s/stat", entry->d_name);
    int from = openat(dirfd(proc), name, O_RDONLY | O_CLOEXEC);
    ssize_t size = from < 0 ? -1 : read(from, text, sizeof text - 1);
    close(from);
    if (size <= 0) {
      continue;
    }
    text[size] = 0;
    char *behind = strrchr(text, ')');
    char state;
    int parent, group;
    if (behind == NULL || sscanf(behind + 1, " %c %d %d", &state, &parent, &group) != 3) {
      continue;
    }
    if (*count == room) {
      room = room == 0 ? 256 : 2 * room;
      struct process *larger = realloc(all, room * sizeof *all);
      if (larger == NULL) {
        break;
      }
      all = larger;
    }
    all[(*count)++] = (struct process){atoi(entry->d_name), parent, group, false, state == 'Z'};
  }
  if (proc != NULL) {
    closedir(proc);
  }
  if (*count > 0) {
    qsort(all, *count, sizeof *all, by_pid);
  }
  return all;
}

// Sends a signal to all that descends from this process; returns whether there was anything that lives.
static bool signal_tree(int signal, pid_t leader) {
  size_t count;
  struct process *all = processes(&count);
  pid_t self = getpid(), own = getpgrp();
  bool found = false;
  // Groups in one stroke, as no fork gets by that. A group other than this process's has none but descendants in it:
  // it is of a session that one of them began.
  if (leader > 0) {
    found = kill(-leader, signal) == 0;
  }
  for (bool more = true; more;) {
    more = false;
    for (size_t i = 0; i < count; i++) {
      if (all[i].ours) {
        continue;
      }
      struct process key = {.pid = all[i].parent};
      struct process *parent = bsearch(&key, all, count, sizeof *all, by_pid);
      if (all[i].parent != self && (parent == NULL || !parent->ours)) {
        continue;
      }
      all[i].ours = more = true;
      if (all[i].zombie) {
        continue;
      }
      found = true;
      if (signal == SIGKILL && all[i].group != own && all[i].group > 1) {
        kill(-all[i].group, signal);
        kill(all[i].pid, signal);
      } else if (all[i].group != leader || leader <= 0) {
        kill(all[i].pid, signal);
      }
    }
  }
  free(all);
  return found;
}

static int64_t now_millis(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void pause_millis(long millis) {
  struct timespec time = {millis / 1000, millis % 1000 * 1000000};
  nanosleep(&time, NULL);
}

// Reaps what ended. Returns whether there are children left; the leader's status is set if it was among them.
static bool reap(pid_t leader, int *status, bool *over) {
  int one;
  pid_t pid;
  while ((pid = waitpid(-1, &one, WNOHANG | __WALL)) > 0) {
    if (pid == leader) {
      *status = one;
      *over = true;
    }
  }
  return pid == 0;
}

// Ends all that is left, until nothing is, or for a time in milliseconds. Returns whether nothing is left.
static bool sweep(int64_t millis_max) {
  int status;
  bool over;
  int64_t end = now_millis() + millis_max;
  for (long pause = 0; reap(0, &status, &over); pause = pause < 50 ? pause + 1 : pause) {
    signal_tree(SIGKILL, 0);
    if (now_millis() >= end) {
      return false;
    }
    pause_millis(pause);
  }
  return true;
}

// Looks after the program until it ends. Returns its status; limit says whether it was the limit that ended it.
static int look_after(pid_t leader, int signals, bool *limit) {
  int64_t deadline = order.limit_millis < 0 ? INT64_MAX : now_millis() + order.limit_millis;
  bool over = false, ends = false;
  int status = 0;
  struct pollfd from[2] = {{.fd = signals, .events = POLLIN}, {.fd = task || order.rest ? -1 : 0, .events = POLLIN}};
  for (reap(leader, &status, &over); !over; reap(leader, &status, &over)) {
    int64_t left = deadline - now_millis();
    if (left <= 0 && !*limit) {
      *limit = ends = true;
    }
    if (ends) {
      signal_tree(SIGKILL, leader);
    }
    int wait = ends ? 20 : deadline == INT64_MAX || left > INT_MAX ? -1 : (int)left;
    if (poll(from, 2, wait) <= 0) {
      continue;
    }
    struct signalfd_siginfo signal;
    while (read(signals, &signal, sizeof signal) == sizeof signal) {
      if (signal.ssi_signo == SIGUSR1 || (signal.ssi_signo == SIGTERM && !task)) {
        ends = true;
      } else if (signal.ssi_signo == SIGTERM) {
        signal_tree(SIGTERM, leader);
      }
    }
    char rest[256];
    if (from[1].revents != 0 && read(0, rest, sizeof rest) <= 0) {
      ends = true;  // the agent that asked for this is gone
      from[1].fd = -1;
    }
  }
  return status;
}

int main(void) {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, NULL);
  // What is ignored, be it by whoever started the agent, is not reported.
  struct sigaction action = {.sa_handler = SIG_DFL};
  sigaction(SIGCHLD, &action, NULL);
  umask(077);
  syscall(SYS_close_range, 3U, ~0U, 0U);
  setsid();
  prctl(PR_SET_DUMPABLE, 0);
  if (prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) {
    fail("this kernel has no child subreapers: %s", strerror(errno));
  }
  read_order();
  if (chdir("/") != 0) {
    fail("the root folder cannot be entered: %s", strerror(errno));
  }
  sigdelset(&all, SIGKILL);
  int signals = signalfd(-1, &all, SFD_NONBLOCK | SFD_CLOEXEC);
  if (signals < 0) {
    fail("signals cannot be taken: %s", strerror(errno));
  }
  if (task) {
    mark_start();
  }
  pid_t leader = start();
  explicit_bzero(order.bytes, order.size);  // it may hold secrets
  if (task) {
    char text[32];
    int size = snprintf(text, sizeof text, "started %d\n", (int)leader);
    write_all(1, text, (size_t)size);
    int nothing = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int i = 0; i <= 2; i++) {
      dup2(nothing, i);
    }
  }
  if (!task && order.rest) {
    close(0);  // whoever gives it is to see when nobody reads any more
  }
  bool limit = false;
  int status = look_after(leader, signals, &limit);
  bool swept = sweep(SWEEP_MILLIS_MAX);
  if (task) {
    mark_status(status, limit);
    while (!swept) {
      swept = sweep(SWEEP_MILLIS_MAX);
    }
    return 0;
  }
  return limit ? EXIT_LIMIT : WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}
