/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* naf.h - the French nomenclature of activities, rev. 2 (until 2026) and 2025 (in force on 1 January 2027).
 *
 * Both are kept: a series marks where it changes. Built in, read only; data/NAF-SOURCE.md says from where. Of
 * NAF 2025 only the sections are labelled so far: below them a well-formed code is accepted, without
 * label. */
#ifndef GRAPPE_NAF_H
#define GRAPPE_NAF_H

#include <stdbool.h>
#include <stddef.h>

#include "text/slice.h"

enum naf_version { NAF_REV_2, NAF_2025 };

enum naf_level { NAF_SECTION = 1, NAF_DIVISION, NAF_GROUP, NAF_CLASS, NAF_SUBCLASS };

struct naf {
    enum naf_version version;
    enum naf_level level;
    char code[7];      /* as INSEE writes it: "C", "26", "26.5", "26.52", "26.52Z" */
    char parent[7];    /* one level up, "" for a section */
    char section;      /* 'A' to 'V' */
    const char *label; /* French; NULL when not known */
};

/* A code as people write it: "26.52Z", "2652z", "26 52 Z", "C". False when it is none of that version. */
bool naf_find(struct slice typed, enum naf_version, struct naf *out);

/* The label of a code, or of its nearest labelled ancestor, or NULL: never an empty cell in a table. */
const char *naf_label(struct slice typed, enum naf_version);

/* The entry one level up; false at a section. */
bool naf_parent(const struct naf *, struct naf *out);

/* All listed entries of a version by number, in the order of their codes (sections last). */
size_t naf_count(enum naf_version);
struct naf naf_at(enum naf_version, size_t number);

#endif
