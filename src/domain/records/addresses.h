/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* addresses.h - where the page of a record is, for links on pages and in letters. */
#ifndef GRAPPE_RECORD_ADDRESSES_H
#define GRAPPE_RECORD_ADDRESSES_H

#include <stdint.h>

struct arena;
struct record_type;

/* The path: "/besoins/1882614659581935616". */
char *record_url(struct arena *, const struct record_type *, int64_t id);

#endif
