/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* arena.c - a chain of blocks, each twice the last up to 1 MiB, and a list of deferred actions. */
#include "arena/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text/print.h"

enum { FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20, RUNAWAY = 4 };

struct block {
    struct block *next;
    size_t size, used;
    alignas(max_align_t) char bytes[];
};

struct deferred {
    struct deferred *next;
    void (*action)(void *);
    void *thing;
};

struct arena {
    struct block *blocks;
    struct deferred *deferred;
    size_t ceiling, used, next_size;
    bool refused; /* a block, by arena_may_grow() */
};

static _Noreturn void give_up(const char *why)
{
    (void)fprintf(stderr, "grappe: %s\n", why);
    abort();
}

/* The arena lies in its first block: most never need another. */
struct arena *arena_new(size_t ceiling)
{
    struct block *b = malloc(sizeof *b + FIRST_BLOCK);
    if (!b)
        give_up("out of memory");
    *b = (struct block){.size = FIRST_BLOCK, .used = sizeof(struct arena)};
    struct arena *a = (void *)b->bytes;
    *a = (struct arena){.blocks = b, .ceiling = ceiling, .next_size = (size_t)2 * FIRST_BLOCK};
    return a;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    for (struct deferred *d = a->deferred; d; d = d->next)
        d->action(d->thing);
    for (struct block *b = a->blocks, *next; b; b = next) { /* the last is where the arena itself is */
        next = b->next;
        free(b);
    }
}

__attribute__((weak)) bool arena_may_grow(void)
{
    return true;
}

static struct block *block_add(struct arena *a, size_t need)
{
    size_t size = need > a->next_size ? need : a->next_size;
    struct block *b = malloc(sizeof *b + size);
    if (!b)
        give_up("out of memory");
    *b = (struct block){.next = a->blocks, .size = size};
    a->blocks = b;
    a->refused |= !arena_may_grow();
    if (a->next_size < LARGEST_BLOCK)
        a->next_size *= 2;
    return b;
}

void *arena_alloc(struct arena *a, size_t count, size_t size, size_t align)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes) || bytes > SIZE_MAX / 2)
        give_up("impossible allocation");
    struct block *b = a->blocks;
    size_t start = (b->used + align - 1) & ~(align - 1);
    if (start + bytes > b->size) {
        b = block_add(a, bytes);
        start = 0;
    }
    b->used = start + bytes;
    a->used += bytes;
    if (a->used / RUNAWAY > a->ceiling)
        give_up("runaway arena");
    return memset(b->bytes + start, 0, bytes);
}

void *arena_grow(struct arena *a, const void *old, size_t count, size_t capacity, size_t size, size_t align)
{
    void *grown = arena_alloc(a, capacity, size, align);
    if (count)
        memcpy(grown, old, count * size);
    return grown;
}

char *arena_text(struct arena *a, const char *text, size_t length)
{
    char *copy = NEW(a, char, length + 1);
    if (length)
        memcpy(copy, text, length);
    return copy;
}

/* Tried first where the text will mostly fit, so that it is printed once. */
char *arena_print(struct arena *a, const char *format, ...)
{
    char small[256];
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = text_vprint(small, sizeof small, format, arguments);
    va_end(arguments);
    if (length < 0)
        give_up("bad format");
    char *text = NEW(a, char, length + 1);
    if ((size_t)length < sizeof small)
        memcpy(text, small, (size_t)length);
    else
        (void)text_vprint(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_defer(struct arena *a, void (*action)(void *), void *thing)
{
    struct deferred *d = NEW(a, struct deferred, 1);
    *d = (struct deferred){.next = a->deferred, .action = action, .thing = thing};
    a->deferred = d;
}

struct fault *arena_check(const struct arena *a)
{
    if (a->used <= a->ceiling && !a->refused)
        return NULL;
    return fault(FAULT_LIMIT, "This asks for more memory than one piece of work may use (%zu MiB).",
                 a->ceiling / MIB);
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}

struct arena *arena_scope(void)
{
    return arena_new(LIMIT_SCRATCH_MEMORY);
}

void arena_scope_end(struct arena **a)
{
    arena_free(*a);
}
