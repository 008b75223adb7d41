/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* compressor.h - gzip of whole answers. A worker has one, and uses it again for each. */
#ifndef GRAPPE_COMPRESSOR_H
#define GRAPPE_COMPRESSOR_H

#include "text/slice.h"

struct arena;
struct compressor;

struct compressor *compressor_new(void);
void compressor_free(struct compressor *);

/* At most 4 GiB; the result lives as long as the arena. */
struct slice compress_gzip(struct compressor *, struct arena *, struct slice plain);

#endif
