/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* geo_fuzz.c - any bytes as a map file and as packed outlines; what is accepted packs and unpacks to
 * itself. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "geo/geo_import.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int holds)
{
    if (!holds)
        abort();
}

static void check_outlines(struct arena *a, const struct geo_outlines *o)
{
    struct geo_outlines back;
    struct slice packed = geo_pack(a, o), again;
    require(geo_unpack(a, packed, &back) == NULL);
    again = geo_pack(a, &back);
    require(packed.len == again.len && memcmp(packed.ptr, again.ptr, again.len) == 0);
    for (size_t i = 0; i < o->area_count; i++)
        require(o->areas[i].first_ring + o->areas[i].rings <= o->ring_count);
    for (size_t r = 0; r < o->ring_count; r++)
        require(o->rings[r].count >= 3 && o->rings[r].first + o->rings[r].count <= o->vertex_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ARENA_SCOPE(a);
    struct geo_outlines o;
    struct geo_import_report report;
    struct slice text = {(const char *)data, size};
    struct geo_import_options options = {.tolerance_m = size & 1 ? 500 : 0};
    if (!geo_import(a, text, options, &o, &report))
        check_outlines(a, &o);
    if (!geo_unpack(a, text, &o))
        check_outlines(a, &o);
    return 0;
}
