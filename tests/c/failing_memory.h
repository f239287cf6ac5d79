/* Allocations of the whole program: counted, and failing when they are told to. In place of libc's own functions. */
#ifndef FAILING_MEMORY_H
#define FAILING_MEMORY_H

#include "fault.h"

static struct {
    struct fault fault;
    size_t from;    /* only blocks of at least this size fail */
    size_t *failed; /* where to write how large the one was that did, or NULL */
    long living;    /* how many blocks there are */
} memory;

/* glibc's own names for them. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *block, size_t size);
void *__libc_memalign(size_t alignment, size_t size);
void __libc_free(void *block);

static bool is_there_memory(size_t size)
{
    if (size < memory.from || !strikes(&memory.fault)) {
        return true;
    }
    if (memory.failed != NULL) {
        *memory.failed = size;
    }
    errno = ENOMEM;
    return false;
}

static void *counted(void *block)
{
    if (block != NULL) {
        __atomic_add_fetch(&memory.living, 1, __ATOMIC_RELAXED);
    }
    return block;
}

void *malloc(size_t size)
{
    return is_there_memory(size) ? counted(__libc_malloc(size)) : NULL;
}

void *calloc(size_t number, size_t size)
{
    return is_there_memory(number * size) ? counted(__libc_calloc(number, size)) : NULL;
}

void *realloc(void *block, size_t size)
{
    if (block == NULL) {
        return malloc(size);
    }
    return is_there_memory(size) ? __libc_realloc(block, size) : NULL;
}

int posix_memalign(void **block, size_t alignment, size_t size)
{
    if (!is_there_memory(size)) {
        return ENOMEM;
    }
    *block = counted(__libc_memalign(alignment, size));
    return *block != NULL ? 0 : ENOMEM;
}

void free(void *block)
{
    if (block != NULL) {
        __atomic_sub_fetch(&memory.living, 1, __ATOMIC_RELAXED);
        __libc_free(block);
    }
}

#endif
