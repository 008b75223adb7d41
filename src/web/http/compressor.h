/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* compressor.h - gzip of whole answers. */
#ifndef GRAPPE_COMPRESSOR_H
#define GRAPPE_COMPRESSOR_H

#include "text/slice.h"

struct arena;

/* At most 4 GiB; the result lives as long as the arena. What it works with is the thread's, kept until that
 * ends. */
struct slice compress_gzip(struct arena *, struct slice plain);

#endif
