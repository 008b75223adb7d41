/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "table/header.h"

#include "arena/arena.h"
#include "text/fold.h"

int header_find(const struct header *h, const char *name)
{
    ARENA_SCOPE(work);
    struct slice wanted = fold(work, slice_of(name));
    for (int i = 0; i < h->count; i++)
        if (slice_equal(h->folded[i], wanted))
            return i;
    return -1;
}

void header_set(struct header *h, struct arena *a, const struct slice *written, int count)
{
    h->names = NEW(a, const char *, count + 1);
    h->folded = NEW(a, struct slice, count + 1);
    for (h->count = 0; h->count < count; h->count++) {
        const char *name = slice_text(a, written[h->count]), *unlike = name;
        for (int copy = 2; header_find(h, unlike) >= 0; copy++)
            unlike = arena_print(a, "%s (%d)", name, copy);
        h->names[h->count] = unlike;
        h->folded[h->count] = fold(a, slice_of(unlike));
    }
}
