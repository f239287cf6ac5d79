/* See client.h. Takes and prints the same as src/client.rs. */
#define _GNU_SOURCE
#include "client.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

struct moment {
    int64_t wall, cpu;
};

static long calls;
static pthread_barrier_t connected, done;

_Noreturn void fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    exit(1);
}

/* CPU time is that in user space and in the kernel: the sum is exact; how the system divides it is a guess. */
static struct moment now(void)
{
    struct rusage usage;
    struct timespec wall;
    clock_gettime(CLOCK_MONOTONIC, &wall);
    getrusage(RUSAGE_SELF, &usage);
    return (struct moment){
        .wall = wall.tv_sec * INT64_C(1000000000) + wall.tv_nsec,
        .cpu = (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * INT64_C(1000000000)
            + (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * INT64_C(1000),
    };
}

/* Makes the calls of one thread; what they took goes to `spent`, which may be NULL. */
static void *one_thread(void *spent)
{
    void *caller = caller_new();
    discard(sign_in(caller));
    pthread_barrier_wait(&connected);
    struct moment start = now();
    for (long call = 1; call < calls; call++) {
        discard(sign_in(caller));
    }
    pthread_barrier_wait(&done);
    struct moment end = now();
    if (spent != NULL) {
        *(struct moment *)spent = (struct moment){end.wall - start.wall, end.cpu - start.cpu};
    }
    caller_free(caller);
    return NULL;
}

/* Not getrusage's ru_maxrss: that begins with the memory of the process which started this one. */
static long peak_memory(void)
{
    char line[256];
    long kilobytes = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status != NULL && kilobytes < 0 && fgets(line, sizeof line, status) != NULL) {
        sscanf(line, "VmHWM: %ld kB", &kilobytes);
    }
    if (kilobytes < 0) {
        fail("no VmHWM in /proc/self/status");
    }
    fclose(status);
    return kilobytes * 1024;
}

/* Copies the system's list of what the memory is used for to the file that SMAPS_FILE names, if any. */
static void keep_memory_map(void)
{
    static char piece[64 * 1024];
    const char *path = getenv("SMAPS_FILE");
    if (path == NULL) {
        return;
    }
    FILE *from = fopen("/proc/self/smaps", "r"), *to = fopen(path, "w");
    if (from == NULL || to == NULL) {
        fail("SMAPS_FILE can't be written");
    }
    for (size_t length; (length = fread(piece, 1, sizeof piece, from)) > 0;) {
        fwrite(piece, 1, length, to);
    }
    fclose(from);
    fclose(to);
}

int main(int argc, char **argv)
{
    if (argc != 5) {
        fail("URL CALLS THREADS CA_FILE");
    }
    calls = strtol(argv[2], NULL, 10);
    long threads = strtol(argv[3], NULL, 10);
    pthread_t others[64];
    if (calls < 1 || threads < 1 || threads > 64) {
        fail("at least one call and one thread, at most 64 threads");
    }
    pthread_barrier_init(&connected, NULL, (unsigned)threads);
    pthread_barrier_init(&done, NULL, (unsigned)threads);
    client_begin(argv[1], argv[4]);
    for (long other = 1; other < threads; other++) {
        if (pthread_create(&others[other], NULL, one_thread, NULL) != 0) {
            fail("no thread");
        }
    }
    struct moment spent;
    one_thread(&spent);
    for (long other = 1; other < threads; other++) {
        pthread_join(others[other], NULL);
    }
    keep_memory_map();
    client_end();
    printf("%" PRId64 " %" PRId64 " %ld\n", spent.wall, spent.cpu, peak_memory());
    return 0;
}
