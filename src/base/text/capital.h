/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* capital.h - a text as it begins a line: terms are written as within a sentence. */
#ifndef GRAPPE_CAPITAL_H
#define GRAPPE_CAPITAL_H

struct arena;

/* A copy whose first letter, if it is a small one of French or English, is a capital. */
const char *capitalised(struct arena *, const char *text);

#endif
