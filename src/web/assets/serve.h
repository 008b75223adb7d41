/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* serve.h - style sheets, modules and icons, embedded at build by tools/embed_assets.py from
 * src/web/assets/files. Pages include the generated "assets.h", which adds their addresses: ASSET_APP_CSS for
 * app.css. */
#ifndef GRAPPE_SERVE_H
#define GRAPPE_SERVE_H

#include <stddef.h>

#include "router/router.h"

struct asset {
    const char *path, *type;  /* "/assets/app.3fa29b….css" */
    struct slice plain, gzip; /* gzip is empty when it would not be smaller */
};

struct asset_symbol {
    const char *name, *address; /* of a <symbol> of an SVG file */
};

extern const struct asset asset_table[]; /* sorted by path */
extern const size_t asset_count;
extern const struct asset_symbol asset_symbols[]; /* sorted by name */
extern const size_t asset_symbol_count;

/* "/assets/icons.9c….svg#search", for <use href>; "#" when there is no such symbol. */
const char *asset_icon(const char *name);

/* NOT_FOUND when the table has no such path. Kept for ever by browsers; compressed at build. */
struct fault *asset_answer(const struct asset *table, size_t count, const struct request *,
                           struct response *) MUST_CHECK;

extern const struct route asset_routes[];
extern const size_t asset_route_count;

#endif
