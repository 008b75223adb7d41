/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "assets/serve.h"

#include <stdlib.h>
#include <string.h>

static int compare_path(const void *key, const void *asset)
{
    return strcmp(key, ((const struct asset *)asset)->path);
}

static int compare_symbol(const void *key, const void *symbol)
{
    return strcmp(key, ((const struct asset_symbol *)symbol)->name);
}

const char *asset_icon(const char *name)
{
    const struct asset_symbol *found =
        bsearch(name, asset_symbols, asset_symbol_count, sizeof *asset_symbols, compare_symbol);
    return found ? found->address : "#";
}

struct fault *asset_answer(const struct asset *table, size_t count, const struct request *r,
                           struct response *s)
{
    const struct asset *found = bsearch(r->path, table, count, sizeof *table, compare_path);
    if (!found)
        return fault(FAULT_NOT_FOUND, "There is no such asset.");
    bool small = found->gzip.len && request_takes_gzip(r);
    s->type = found->type;
    s->cache = CACHE_FOREVER;
    s->constant = small ? found->gzip : found->plain;
    s->encoding = small ? "gzip" : NULL;
    return NULL;
}

static struct fault *asset_show(struct request *r, struct response *s)
{
    return asset_answer(asset_table, asset_count, r, s);
}

const struct route asset_routes[] = {
    {"GET", "/assets/{file}", asset_show, .right = ROLES_ANYONE, .anonymous = true, .quick = true,
     .summary = N_("Style sheets, modules and icons")},
};
const size_t asset_route_count = COUNT(asset_routes);
