/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "http/compressor.h"

#include <isa-l/igzip_lib.h>
#include <pthread.h>
#include <stdlib.h>

#include "arena/arena.h"

enum { LEVEL = 1, WORK_BYTES = ISAL_DEF_LVL1_SMALL };

struct compressor {
    struct isal_zstream stream;
    uint8_t work[WORK_BYTES];
};

static pthread_key_t of_thread;

static void make_key(void)
{
    if (pthread_key_create(&of_thread, free) != 0)
        abort();
}

static struct compressor *compressor(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    (void)pthread_once(&once, make_key);
    struct compressor *c = pthread_getspecific(of_thread);
    if (c)
        return c;
    c = malloc(sizeof *c); /* not cleared: what is never used takes no memory */
    if (!c || pthread_setspecific(of_thread, c) != 0)
        abort();
    return c;
}

/* What does not shrink is stored: five bytes for each 64 KiB, beside the gzip head and tail. */
static size_t most_bytes(size_t plain)
{
    return plain + (plain / 65535 + 1) * 5 + 64;
}

struct slice compress_gzip(struct arena *a, struct slice plain)
{
    struct compressor *c = compressor();
    union {
        const char *read;
        uint8_t *given; /* the library's field is not const; it only reads */
    } bytes = {plain.ptr};
    size_t room = most_bytes(plain.len);
    uint8_t *out = malloc(room);
    if (!out)
        abort();
    arena_defer(a, free, out);
    struct isal_zstream *s = &c->stream;
    isal_deflate_stateless_init(s);
    s->level = LEVEL;
    s->level_buf = c->work;
    s->level_buf_size = WORK_BYTES;
    s->gzip_flag = IGZIP_GZIP;
    s->end_of_stream = 1;
    s->next_in = bytes.given;
    s->avail_in = (uint32_t)plain.len;
    s->next_out = out;
    s->avail_out = (uint32_t)room;
    if (isal_deflate_stateless(s) != COMP_OK)
        abort(); /* there was room for anything */
    return (struct slice){(const char *)out, s->total_out};
}
