/*
 * Preloaded into a program, counts its allocations: malloc, calloc, realloc and the aligned ones. At the end the number and
 * the bytes that were asked for go to the file that ALLOCATIONS_FILE names.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/* glibc's own names for them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_uint_fast64_t allocations, bytes;

static void count(size_t size)
{
    atomic_fetch_add_explicit(&allocations, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&bytes, size, memory_order_relaxed);
}

void *malloc(size_t size)
{
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size)
{
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *block, size_t size)
{
    count(size);
    return __libc_realloc(block, size);
}

void *memalign(size_t alignment, size_t size)
{
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    *block = memalign(alignment, size);
    return *block != NULL ? 0 : ENOMEM;
}

__attribute__((destructor)) static void report(void)
{
    uint_fast64_t total = allocations, total_bytes = bytes;
    const char *path = getenv("ALLOCATIONS_FILE");
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL) {
        fputs("ALLOCATIONS_FILE can't be written\n", stderr);
        return;
    }
    fprintf(file, "%" PRIuFAST64 " %" PRIuFAST64 "\n", total, total_bytes);
    fclose(file);
}
