/* Between the program and the system's library: writes down what is done to the files
   below one folder, in order, and lets chosen calls fail. Loaded with LD_PRELOAD by the
   campaigns, and by nothing else.

   CANDOR_SHIM_ROOT     the folder
   CANDOR_SHIM_LOG      where it is written down
   CANDOR_SHIM_CONTROL  a page of 64-bit numbers shared with the campaign

   One lock is held around a call and its entry, so that the order of entries is the order
   of calls. Changes through memory maps are not seen: SQLite maps only its index of the
   write-ahead log, which it makes anew after a crash. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { READ = 1, WRITE = 2, SYNC = 4, OPEN = 8, RENAME = 16, UNLINK = 32, MKDIR = 64, TRUNC = 128 };
enum { MASK, NTH, ERRNO, STICKY, SEEN, HITS, WALL, RECORD, SHORT };

#define MOST 65536
struct file { int known, dir; uint64_t ino; char *path; };
static struct file files[MOST];
static const char *root;
static size_t root_length;
static int log_fd = -1;
static volatile int64_t *control;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define REAL(name) ({ static __typeof__(&name) f; if (!f) f = (__typeof__(&name))dlsym(RTLD_NEXT, #name); f; })

__attribute__((constructor)) static void begin(void) {
  const char *page = getenv("CANDOR_SHIM_CONTROL"), *log = getenv("CANDOR_SHIM_LOG");
  root = getenv("CANDOR_SHIM_ROOT");
  if (!root || !page || !log) { root = NULL; return; }
  root_length = strlen(root);
  int fd = REAL(open)(page, O_RDWR | O_CLOEXEC);
  if (fd >= 0) {
    void *at = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (at != MAP_FAILED) control = at;
    REAL(close)(fd);
  }
  int low = REAL(open)(log, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
  /* Out of the way of the program's own numbers. */
  log_fd = fcntl(low, F_DUPFD_CLOEXEC, 900);
  if (log_fd < 0) log_fd = low; else REAL(close)(low);
}

static int ours(const char *path) {
  return root && control && path && strncmp(path, root, root_length) == 0
      && (path[root_length] == '/' || path[root_length] == 0);
}

static struct file *file_of(int fd) {
  return control && fd >= 0 && fd < MOST && files[fd].known ? &files[fd] : NULL;
}

struct entry { uint8_t op, failed, dir, unused; uint32_t path, other; uint32_t unused2; uint64_t ino, off, len; };

static void put(const void *bytes, size_t n) {
  const char *at = bytes;
  while (n > 0) {
    ssize_t w = REAL(write)(log_fd, at, n);
    if (w <= 0) return;
    at += w;
    n -= (size_t)w;
  }
}

static void entry(char op, int failed, int dir, uint64_t ino, const char *path, const char *other,
                  uint64_t off, const void *data, uint64_t len) {
  if (!control || !control[RECORD] || log_fd < 0) return;
  struct entry e = { (uint8_t)op, (uint8_t)failed, (uint8_t)dir, 0,
    path ? (uint32_t)strlen(path) : 0, other ? (uint32_t)strlen(other) : 0, 0, ino, off, len };
  put(&e, sizeof e);
  if (path) put(path, e.path);
  if (other) put(other, e.other);
  if (data) put(data, len);
}

/* Whether this call has to fail; sets errno. */
static int fails(int kind) {
  if (!control || !(control[MASK] & kind)) return 0;
  int64_t seen = ++control[SEEN];
  if (seen == control[NTH] || (control[STICKY] && seen > control[NTH])) {
    control[HITS]++;
    errno = (int)control[ERRNO];
    return 1;
  }
  return 0;
}

static void enter(void) { pthread_mutex_lock(&lock); }
static void leave(void) { int e = errno; pthread_mutex_unlock(&lock); errno = e; }

static void remember(int fd, const char *path) {
  struct stat s;
  if (fd < 0 || fd >= MOST || fstat(fd, &s) != 0) return;
  free(files[fd].path);
  files[fd].known = 1;
  files[fd].dir = S_ISDIR(s.st_mode);
  files[fd].ino = s.st_ino;
  files[fd].path = strdup(path);
}

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t mode) {
  if (!ours(path)) return real(path, flags, mode);
  enter();
  struct stat s;
  int fresh = (flags & O_CREAT) && stat(path, &s) != 0;
  int fd = -1;
  if (!(fresh && fails(OPEN))) fd = real(path, flags, mode);
  if (fd >= 0) {
    remember(fd, path);
    if (fresh) entry('C', 0, 0, files[fd].ino, path, NULL, 0, NULL, 0);
    else if (flags & O_TRUNC) entry('T', 0, 0, files[fd].ino, path, NULL, 0, NULL, 0);
  }
  leave();
  return fd;
}

#define OPENS(name) \
  int name(const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, mode_t); va_end(l); } \
    return opened(REAL(name), path, flags, mode); \
  }
OPENS(open)
OPENS(open64)

#define OPENSAT(name, plain) \
  int name(int at, const char *path, int flags, ...) { \
    mode_t mode = 0; \
    if (flags & (O_CREAT | O_TMPFILE)) { va_list l; va_start(l, flags); mode = va_arg(l, mode_t); va_end(l); } \
    if (ours(path)) return opened(REAL(plain), path, flags, mode); \
    return REAL(name)(at, path, flags, mode); \
  }
OPENSAT(openat, open)
OPENSAT(openat64, open64)

int close(int fd) {
  struct file *f = file_of(fd);
  if (!f) return REAL(close)(fd);
  enter();
  f->known = 0;
  int done = REAL(close)(fd);
  leave();
  return done;
}

#define READS(name, args, call) \
  ssize_t name args { \
    if (file_of(fd)) { enter(); int no = fails(READ); leave(); if (no) return -1; } \
    return REAL(name) call; \
  }
READS(pread, (int fd, void *b, size_t n, off_t o), (fd, b, n, o))
READS(pread64, (int fd, void *b, size_t n, off64_t o), (fd, b, n, o))
READS(read, (int fd, void *b, size_t n), (fd, b, n))

/* A disk that runs full takes a part, and then nothing. */
static size_t taken(size_t n, int *no) {
  *no = fails(WRITE);
  if (*no && control[SHORT] && n > 1) {
    *no = 0;
    control[SHORT] = 0;
    control[NTH] = control[SEEN] + 1;
    return n / 2;
  }
  return n;
}

#define PWRITES(name, type) \
  ssize_t name(int fd, const void *b, size_t n, type o) { \
    struct file *f = file_of(fd); \
    if (!f) return REAL(name)(fd, b, n, o); \
    enter(); \
    int no; n = taken(n, &no); \
    ssize_t w = no ? -1 : REAL(name)(fd, b, n, o); \
    if (w > 0) entry('W', 0, 0, f->ino, f->path, NULL, (uint64_t)o, b, (uint64_t)w); \
    leave(); \
    return w; \
  }
PWRITES(pwrite, off_t)
PWRITES(pwrite64, off64_t)

static int answers(const struct iovec *v, int n) {
  return n > 0 && v[0].iov_len >= 12 && memcmp(v[0].iov_base, "HTTP/1.1 201", 12) == 0;
}

/* An answer that takes a report: written down before it leaves. */
static void told(const struct iovec *v, int n) {
  static char all[65536];
  if (!control || !answers(v, n)) return;
  enter();
  size_t at = 0;
  for (int i = 0; i < n; i++) {
    size_t part = v[i].iov_len < sizeof all - at ? v[i].iov_len : sizeof all - at;
    memcpy(all + at, v[i].iov_base, part);
    at += part;
  }
  entry('A', 0, 0, 0, NULL, NULL, 0, all, at);
  leave();
}

ssize_t write(int fd, const void *b, size_t n) {
  struct file *f = file_of(fd);
  if (!f) {
    struct iovec v = { (void *)b, n };
    told(&v, 1);
    return REAL(write)(fd, b, n);
  }
  enter();
  int no;
  n = taken(n, &no);
  off_t at = lseek(fd, 0, SEEK_CUR);
  if (fcntl(fd, F_GETFL) & O_APPEND) at = lseek(fd, 0, SEEK_END);
  ssize_t w = no ? -1 : REAL(write)(fd, b, n);
  if (w > 0) entry('W', 0, 0, f->ino, f->path, NULL, (uint64_t)at, b, (uint64_t)w);
  leave();
  return w;
}

ssize_t writev(int fd, const struct iovec *v, int n) {
  if (file_of(fd)) {
    /* One by one: nobody here relies on more. */
    ssize_t all = 0;
    for (int i = 0; i < n; i++) {
      ssize_t w = write(fd, v[i].iov_base, v[i].iov_len);
      if (w < 0) return all > 0 ? all : -1;
      all += w;
      if ((size_t)w < v[i].iov_len) break;
    }
    return all;
  }
  told(v, n);
  return REAL(writev)(fd, v, n);
}

ssize_t send(int fd, const void *b, size_t n, int flags) {
  struct iovec v = { (void *)b, n };
  told(&v, 1);
  return REAL(send)(fd, b, n, flags);
}

ssize_t sendto(int fd, const void *b, size_t n, int flags, const struct sockaddr *to, socklen_t l) {
  struct iovec v = { (void *)b, n };
  told(&v, 1);
  return REAL(sendto)(fd, b, n, flags, to, l);
}

ssize_t sendmsg(int fd, const struct msghdr *m, int flags) {
  told(m->msg_iov, (int)m->msg_iovlen);
  return REAL(sendmsg)(fd, m, flags);
}

#define SYNCS(name) \
  int name(int fd) { \
    struct file *f = file_of(fd); \
    if (!f) return REAL(name)(fd); \
    enter(); \
    int no = fails(SYNC); \
    entry('S', no, f->dir, f->ino, f->path, NULL, 0, NULL, 0); \
    leave(); \
    return no ? -1 : 0; \
  }
SYNCS(fsync)
SYNCS(fdatasync)

#define TRUNCATES(name, type) \
  int name(int fd, type n) { \
    struct file *f = file_of(fd); \
    if (!f) return REAL(name)(fd, n); \
    enter(); \
    int done = fails(TRUNC) ? -1 : REAL(name)(fd, n); \
    if (done == 0) entry('T', 0, 0, f->ino, f->path, NULL, (uint64_t)n, NULL, 0); \
    leave(); \
    return done; \
  }
TRUNCATES(ftruncate, off_t)
TRUNCATES(ftruncate64, off64_t)

int rename(const char *from, const char *to) {
  if (!ours(from) && !ours(to)) return REAL(rename)(from, to);
  enter();
  int done = fails(RENAME) ? -1 : REAL(rename)(from, to);
  if (done == 0) entry('R', 0, 0, 0, from, to, 0, NULL, 0);
  leave();
  return done;
}

int link(const char *from, const char *to) {
  if (!ours(from) && !ours(to)) return REAL(link)(from, to);
  enter();
  int done = fails(RENAME) ? -1 : REAL(link)(from, to);
  if (done == 0) entry('L', 0, 0, 0, from, to, 0, NULL, 0);
  leave();
  return done;
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
  if (ours(from) && ours(to)) return link(from, to);
  return REAL(linkat)(a, from, b, to, flags);
}

int unlink(const char *path) {
  if (!ours(path)) return REAL(unlink)(path);
  enter();
  int done = fails(UNLINK) ? -1 : REAL(unlink)(path);
  if (done == 0) entry('U', 0, 0, 0, path, NULL, 0, NULL, 0);
  leave();
  return done;
}

int unlinkat(int at, const char *path, int flags) {
  if (ours(path) && !(flags & AT_REMOVEDIR)) return unlink(path);
  return REAL(unlinkat)(at, path, flags);
}

int mkdir(const char *path, mode_t mode) {
  if (!ours(path)) return REAL(mkdir)(path, mode);
  enter();
  int done = fails(MKDIR) ? -1 : REAL(mkdir)(path, mode);
  if (done == 0) entry('M', 0, 1, 0, path, NULL, 0, NULL, 0);
  leave();
  return done;
}

int clock_gettime(clockid_t which, struct timespec *t) {
  int done = REAL(clock_gettime)(which, t);
  if (done == 0 && which == CLOCK_REALTIME && control) t->tv_sec += control[WALL];
  return done;
}
