/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* proof.h - a certificate as it is written: a line of text, then whole numbers, seven bits a byte.
 *
 * It goes out as the tree is searched, and back to a mark when the tree starts over, so that it never stands
 * in memory. docs/engine-assembly.md has the format. */
#ifndef GRAPPE_ASSEMBLY_PROOF_H
#define GRAPPE_ASSEMBLY_PROOF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct proof_out {
    bool (*write)(void *with, const uint8_t *, size_t);
    bool (*back)(void *with, int64_t length); /* forgets all beyond */
    void *with;
    int64_t most;   /* bytes; a tree whose proof would be longer is given up */
    int64_t length; /* so far; the writer's own from here on */
    bool broken;    /* a write failed */
    size_t waiting;
    uint8_t bytes[4096];
};

/* All pass NULL through, and do nothing once it is broken. */
void proof_text(struct proof_out *, const char *text);
void proof_number(struct proof_out *, uint64_t);
void proof_back(struct proof_out *, int64_t length);
void proof_flush(struct proof_out *);
static inline int64_t proof_length(const struct proof_out *p)
{
    return p ? p->length : 0;
}
static inline bool proof_is_full(const struct proof_out *p)
{
    return p && p->length > p->most;
}

#endif
