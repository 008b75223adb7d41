/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* memory_proof.h - a certificate kept in memory, for tests. */
#ifndef GRAPPE_MEMORY_PROOF_H
#define GRAPPE_MEMORY_PROOF_H

#include <string.h>

#include "assembly/proof.h"
#include "text/slice.h"

struct memory_proof {
    struct proof_out out;
    char bytes[1 << 16];
    size_t length;
};

static inline bool memory_write(void *with, const uint8_t *bytes, size_t count)
{
    struct memory_proof *m = with;
    if (m->length + count > sizeof m->bytes)
        return false;
    memcpy(m->bytes + m->length, bytes, count);
    m->length += count;
    return true;
}

static inline bool memory_back(void *with, int64_t length)
{
    ((struct memory_proof *)with)->length = (size_t)length;
    return true;
}

static inline struct proof_out *memory_proof(struct memory_proof *m)
{
    m->length = 0;
    m->out =
        (struct proof_out){.write = memory_write, .back = memory_back, .with = m, .most = sizeof m->bytes};
    return &m->out;
}

static inline struct slice memory_slice(const struct memory_proof *m)
{
    return (struct slice){m->bytes, m->length};
}

#endif
