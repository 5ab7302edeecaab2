/* Counts the calls that make a file durable, in a process that is preloaded with this.
 *
 * The count is kept in the file that SYNC_COUNT names, as one 64-bit number a reader may look at
 * at any time. Commits per write is what group commit is about, and only the system calls tell.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static uint64_t *sync_count;

__attribute__((constructor)) static void map_count(void) {
    const char *path = getenv("SYNC_COUNT");
    int file = path ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (file < 0 || ftruncate(file, sizeof *sync_count) != 0) return;
    void *mapped = mmap(NULL, sizeof *sync_count, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) sync_count = mapped;
    close(file);
}

static int counted(const char *name, int file) {
    int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
    if (sync_count) __atomic_add_fetch(sync_count, 1, __ATOMIC_RELAXED);
    return real(file);
}

int fsync(int file) { return counted("fsync", file); }

int fdatasync(int file) { return counted("fdatasync", file); }
