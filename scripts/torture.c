// Loaded before libc (LD_PRELOAD) by scripts/torture: counts a program's calls on the files below a folder, and at
// one of them, told by kind and ordinal, lets the world end: the process is killed before it, after it or half-way
// through it, or the call fails. Works where tracing another process is not allowed.
//
//   HOLDFAST_FAULT_UNDER   the folder; calls on other files, terminals and pipes are neither counted nor disturbed
//   HOLDFAST_FAULT         KIND:ORDINAL:ACT, ACT one of before, after, half, tree (the whole process group dies),
//                          short (a write takes half), a number (errno, once), or a number and '+' (from there on)
//   HOLDFAST_FAULT_CLOCK   seconds by which the program's clock differs from the system's
//   HOLDFAST_FAULT_COUNTS  a file that gets "KIND COUNT" lines when the program ends by itself, and "done" when the
//                          fault was reached
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum kind { READ, OPEN, CREATE, WRITE, SYNC, RENAME, UNLINK, MKDIR, LINK, TRUNCATE, MODE, LOCK, KINDS };
static const char *const names[KINDS] = {"read",  "open", "create",   "write", "sync", "rename", "unlink",
                                         "mkdir", "link", "truncate", "mode",  "lock"};
static atomic_long counts[KINDS];

enum act { NOTHING, BEFORE, AFTER, HALF, TREE, SHORT, FAIL };
static struct {
  int ready;
  const char *under;
  size_t length;
  int log;
  enum kind kind;
  long ordinal;
  enum act act;
  int error;
  int sticky;
} plan = {.log = -1, .kind = KINDS};

__attribute__((constructor)) static void read_plan(void) {
  plan.under = getenv("HOLDFAST_FAULT_UNDER");
  if (!plan.under) return;
  plan.length = strlen(plan.under);
  const char *counts = getenv("HOLDFAST_FAULT_COUNTS");
  if (counts) plan.log = (int)syscall(SYS_openat, AT_FDCWD, counts, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const char *text = getenv("HOLDFAST_FAULT");
  char name[16], act[16];
  if (text && sscanf(text, "%15[a-z]:%ld:%15s", name, &plan.ordinal, act) == 3) {
    for (int kind = 0; kind < KINDS; kind++)
      if (!strcmp(name, names[kind])) plan.kind = kind;
    plan.act = !strcmp(act, "before") ? BEFORE
               : !strcmp(act, "after") ? AFTER
               : !strcmp(act, "half")  ? HALF
               : !strcmp(act, "tree")  ? TREE
               : !strcmp(act, "short") ? SHORT
                                       : FAIL;
    plan.error = atoi(act);
    plan.sticky = strchr(act, '+') != NULL;
  }
  plan.ready = 1;
}

__attribute__((destructor)) static void write_counts(void) {
  if (plan.log < 0) return;
  for (int kind = 0; kind < KINDS; kind++) dprintf(plan.log, "%s %ld\n", names[kind], atomic_load(&counts[kind]));
}

static int below(const char *path) {
  return !strncmp(path, plan.under, plan.length) && (path[plan.length] == '/' || !path[plan.length]);
}

static int path_counts(int at, const char *path) {
  if (!plan.ready || !path) return 0;
  if (path[0] == '/') return below(path);
  char place[PATH_MAX];
  if (at == AT_FDCWD) return syscall(SYS_getcwd, place, sizeof place) > 0 && below(place);
  return 1;
}

static int file_counts(int descriptor) {
  if (!plan.ready || descriptor < 3 || descriptor == plan.log) return 0;
  char link[40], place[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  ssize_t count = readlink(link, place, sizeof place - 1);
  if (count <= 0) return 0;
  place[count] = 0;
  return below(place);
}

static void die(int tree) {
  if (plan.log >= 0) dprintf(plan.log, "done\n");
  if (tree) syscall(SYS_kill, 0, SIGKILL);
  syscall(SYS_kill, getpid(), SIGKILL);
  for (;;) pause();
}

// Counts a call; says what is to become of it. Death before it happens here.
static enum act meet(enum kind kind) {
  long ordinal = atomic_fetch_add(&counts[kind], 1) + 1;
  if (kind != plan.kind || (plan.sticky ? ordinal < plan.ordinal : ordinal != plan.ordinal)) return NOTHING;
  if (plan.act == BEFORE || plan.act == TREE) die(plan.act == TREE);
  if (plan.act == FAIL && plan.log >= 0 && ordinal == plan.ordinal) dprintf(plan.log, "done\n");
  if (plan.act == SHORT && plan.log >= 0) dprintf(plan.log, "done\n");
  return plan.act;
}

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// A call that is made whole or not at all.
#define CALL(counted, kind, call) \
  enum act act = (counted) ? meet(kind) : NOTHING; \
  if (act == FAIL) { errno = plan.error; return -1; } \
  __typeof__(call) result = (call); \
  if (act == AFTER || act == HALF) die(0); \
  return result

static enum kind opening(int flags) { return flags & (O_CREAT | O_TRUNC) ? CREATE : OPEN; }
static mode_t mode_of(int flags, va_list list) { return flags & (O_CREAT | O_TMPFILE) ? va_arg(list, mode_t) : 0; }

#define OPENING(name, at, parameters, arguments) \
  int name parameters { \
    va_list list; \
    va_start(list, flags); \
    mode_t mode = mode_of(flags, list); \
    va_end(list); \
    REAL(name); \
    CALL(path_counts(at, path), opening(flags), real arguments); \
  }
OPENING(open, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
OPENING(open64, AT_FDCWD, (const char *path, int flags, ...), (path, flags, mode))
OPENING(openat, at, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENING(openat64, at, (int at, const char *path, int flags, ...), (at, path, flags, mode))

// A write may also be made by half: the bytes' first half is there when the process dies, or is all that was taken.
#define WRITING(name, parameters, whole, half) \
  ssize_t name parameters { \
    REAL(name); \
    enum act act = file_counts(descriptor) ? meet(WRITE) : NOTHING; \
    if (act == FAIL) { errno = plan.error; return -1; } \
    ssize_t result = (act == HALF || act == SHORT) && count > 1 ? real half : real whole; \
    if (act == AFTER || act == HALF) die(0); \
    return result; \
  }
WRITING(write, (int descriptor, const void *bytes, size_t count), (descriptor, bytes, count),
        (descriptor, bytes, count / 2))
WRITING(pwrite, (int descriptor, const void *bytes, size_t count, off_t place), (descriptor, bytes, count, place),
        (descriptor, bytes, count / 2, place))
WRITING(pwrite64, (int descriptor, const void *bytes, size_t count, off64_t place), (descriptor, bytes, count, place),
        (descriptor, bytes, count / 2, place))
WRITING(writev, (int descriptor, const struct iovec *bytes, int count), (descriptor, bytes, count),
        (descriptor, bytes, count / 2))

ssize_t read(int descriptor, void *bytes, size_t count) {
  REAL(read);
  CALL(file_counts(descriptor), READ, real(descriptor, bytes, count));
}
ssize_t pread(int descriptor, void *bytes, size_t count, off_t place) {
  REAL(pread);
  CALL(file_counts(descriptor), READ, real(descriptor, bytes, count, place));
}
ssize_t pread64(int descriptor, void *bytes, size_t count, off64_t place) {
  REAL(pread64);
  CALL(file_counts(descriptor), READ, real(descriptor, bytes, count, place));
}
int fsync(int descriptor) { REAL(fsync); CALL(file_counts(descriptor), SYNC, real(descriptor)); }
int fdatasync(int descriptor) { REAL(fdatasync); CALL(file_counts(descriptor), SYNC, real(descriptor)); }
int rename(const char *from, const char *to) {
  REAL(rename);
  CALL(path_counts(AT_FDCWD, to), RENAME, real(from, to));
}
int renameat(int a, const char *from, int b, const char *to) {
  REAL(renameat);
  CALL(path_counts(b, to), RENAME, real(a, from, b, to));
}
int renameat2(int a, const char *from, int b, const char *to, unsigned flags) {
  REAL(renameat2);
  CALL(path_counts(b, to), RENAME, real(a, from, b, to, flags));
}
int unlink(const char *path) { REAL(unlink); CALL(path_counts(AT_FDCWD, path), UNLINK, real(path)); }
int unlinkat(int at, const char *path, int flags) {
  REAL(unlinkat);
  CALL(path_counts(at, path), UNLINK, real(at, path, flags));
}
int rmdir(const char *path) { REAL(rmdir); CALL(path_counts(AT_FDCWD, path), UNLINK, real(path)); }
int mkdir(const char *path, mode_t mode) { REAL(mkdir); CALL(path_counts(AT_FDCWD, path), MKDIR, real(path, mode)); }
int mkdirat(int at, const char *path, mode_t mode) {
  REAL(mkdirat);
  CALL(path_counts(at, path), MKDIR, real(at, path, mode));
}
int symlink(const char *target, const char *path) {
  REAL(symlink);
  CALL(path_counts(AT_FDCWD, path), LINK, real(target, path));
}
int symlinkat(const char *target, int at, const char *path) {
  REAL(symlinkat);
  CALL(path_counts(at, path), LINK, real(target, at, path));
}
int link(const char *from, const char *to) { REAL(link); CALL(path_counts(AT_FDCWD, to), LINK, real(from, to)); }
int linkat(int a, const char *from, int b, const char *to, int flags) {
  REAL(linkat);
  CALL(path_counts(b, to), LINK, real(a, from, b, to, flags));
}
int ftruncate(int descriptor, off_t size) {
  REAL(ftruncate);
  CALL(file_counts(descriptor), TRUNCATE, real(descriptor, size));
}
int ftruncate64(int descriptor, off64_t size) {
  REAL(ftruncate64);
  CALL(file_counts(descriptor), TRUNCATE, real(descriptor, size));
}
int fchmod(int descriptor, mode_t mode) { REAL(fchmod); CALL(file_counts(descriptor), MODE, real(descriptor, mode)); }
int chmod(const char *path, mode_t mode) { REAL(chmod); CALL(path_counts(AT_FDCWD, path), MODE, real(path, mode)); }
int flock(int descriptor, int how) { REAL(flock); CALL(file_counts(descriptor), LOCK, real(descriptor, how)); }

static time_t clock_offset(void) {
  static int known;
  static time_t offset;
  if (!known) {
    const char *text = getenv("HOLDFAST_FAULT_CLOCK");
    offset = text ? atol(text) : 0;
    known = 1;
  }
  return offset;
}
int clock_gettime(clockid_t clock, struct timespec *now) {
  REAL(clock_gettime);
  int result = real(clock, now);
  if (!result && clock == CLOCK_REALTIME) now->tv_sec += clock_offset();
  return result;
}
int gettimeofday(struct timeval *now, void *zone) {
  REAL(gettimeofday);
  int result = real(now, zone);
  if (!result) now->tv_sec += clock_offset();
  return result;
}
