/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* arena.h - memory and other things to close, released together.
 *
 * One arena per unit of work (a request, a command, an imported line). Nothing in it is freed alone. The
 * ceiling is soft: an allocation beyond it still succeeds and marks the arena, and arena_check() turns the
 * mark into a FAULT_LIMIT. Loops over data of unknown size check once per element; the web layer checks once
 * more before it answers. Only a runaway allocation of many times the ceiling, or the machine refusing
 * memory, aborts. */
#ifndef GRAPPE_ARENA_H
#define GRAPPE_ARENA_H

#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>

#include "fault/fault.h"

struct arena;

struct arena *arena_new(size_t ceiling);
void arena_free(struct arena *);

/* Zeroed memory for count elements; count * size that overflows aborts. Cost O(bytes). */
void *arena_alloc(struct arena *, size_t count, size_t size, size_t align)
    __attribute__((malloc, returns_nonnull, alloc_size(2, 3)));
#define NEW(arena, type, count) ((type *)arena_alloc(arena, (size_t)(count), sizeof(type), alignof(type)))

/* A copy of an array grown to `capacity` elements; the old one stays in the arena. */
void *arena_grow(struct arena *, const void *old, size_t count, size_t capacity, size_t size, size_t align);

/* Makes room for one more element at (pointer, count, capacity), doubling. Amortised O(1). */
#define PUSH(arena, pointer, count, capacity)                                                                \
    ((count) == (capacity)                                                                                   \
         ? (void)((capacity) = (capacity) ? (capacity)*2 : 8,                                                \
                  (pointer) = arena_grow(arena, pointer, (size_t)(count), (size_t)(capacity),                \
                                         sizeof *(pointer), alignof(max_align_t)))                           \
         : (void)0,                                                                                          \
     &(pointer)[(count)++])

char *arena_text(struct arena *, const char *text, size_t length); /* a copy, NUL-terminated */
char *arena_print(struct arena *, const char *format, ...) PRINTF_LIKE(2, 3);

/* Runs action(thing) when the arena ends, last registered first. */
void arena_defer(struct arena *, void (*action)(void *), void *thing);

struct fault *arena_check(const struct arena *) MUST_CHECK;
/* Asked before each further block; false marks the arena as if it were over its ceiling. Always true: a test
 * program may define its own in its place, to refuse the nth. */
bool arena_may_grow(void);
size_t arena_used(const struct arena *);

/* An arena for the rest of a block. */
struct arena *arena_scope(void);
void arena_scope_end(struct arena **);
#define ARENA_SCOPE(name) __attribute__((cleanup(arena_scope_end))) struct arena *name = arena_scope()
#include "limits/limits.h"

#endif
