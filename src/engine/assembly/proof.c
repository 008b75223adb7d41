/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assembly/proof.h"

#include <string.h>

enum { LOW_BITS = 127, MORE = 128 };

void proof_flush(struct proof_out *p)
{
    if (!p || !p->waiting)
        return;
    if (!p->broken && !p->write(p->with, p->bytes, p->waiting))
        p->broken = true;
    p->waiting = 0;
}

static void put_byte(struct proof_out *p, uint8_t byte)
{
    if (p->waiting == sizeof p->bytes)
        proof_flush(p);
    p->bytes[p->waiting++] = byte;
    p->length++;
}

void proof_text(struct proof_out *p, const char *text)
{
    for (; p && *text; text++)
        put_byte(p, (uint8_t)*text);
}

void proof_number(struct proof_out *p, uint64_t n)
{
    if (!p)
        return;
    for (; n > LOW_BITS; n >>= 7)
        put_byte(p, (uint8_t)((n & LOW_BITS) | MORE));
    put_byte(p, (uint8_t)n);
}

void proof_back(struct proof_out *p, int64_t length)
{
    if (!p)
        return;
    proof_flush(p);
    p->length = length;
    if (!p->broken && !p->back(p->with, length))
        p->broken = true;
}
