/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* internal.h - how the tables of data/ become records of one space.
 *
 * A table's first line names its columns. A column named like a field of the table's record type is read as
 * people type that field, in French; references and terms are given as codes. Columns that start with @ are
 * for the functions of demo_records.c: @code is what other tables call the record, @spaces the letters of the
 * spaces it is in, with the year it joined ("f:2008 t"). */
#ifndef GRAPPE_DEMO_INTERNAL_H
#define GRAPPE_DEMO_INTERNAL_H

#include "arena/arena.h"
#include "door/door.h"

/* What a code stands for in this space; id 0: a record of another space. */
struct demo_code {
    struct slice code;
    int64_t id;
};
struct demo_codes {
    struct demo_code *at; /* sorted by code */
    size_t count, capacity;
};

struct demo_loader {
    struct door *door;
    char space; /* letter */
    struct demo_codes terms, records;
    int64_t facilitator; /* who confirmed what is confirmed */
};

enum { DEMO_COLUMNS = 32 };
struct demo_row {
    struct slice names[DEMO_COLUMNS], cells[DEMO_COLUMNS];
    size_t columns;
    int line;
};

struct demo_table {
    const char *name;
    struct slice text;
    const struct record_type *type;
    /* Before the record is saved: what the table leaves to be derived. May be NULL. */
    struct fault *(*complete)(struct demo_loader *, const struct demo_row *, void *record);
    /* After it is saved: what depends on it. May be NULL. */
    struct fault *(*follow)(struct demo_loader *, const struct demo_row *, const void *record);
};

/* The cell of a column, empty when the table has no such column. */
struct slice demo_cell(const struct demo_row *, const char *column);

/* BUG when the code is taken: two tables would mean two records by one word. */
struct fault *demo_code_add(struct demo_loader *, struct demo_codes *, struct slice code,
                            int64_t id) MUST_CHECK;
const struct demo_code *demo_code_find(const struct demo_codes *, struct slice code); /* NULL: no such */

/* Is it of this space? A table without the column @spaces is in all. */
bool demo_row_wanted(const struct demo_loader *, const struct demo_row *);

/* Gives each row of a table to `take`, with `owner`. BUG, naming table and line, for what it refuses. */
typedef struct fault *demo_row_taker(struct demo_loader *, const void *owner, const struct demo_row *);
struct fault *demo_rows(struct demo_loader *, const char *name, struct slice text, demo_row_taker *,
                        const void *owner) MUST_CHECK;

/* Saves the rows of a table that are of this space. BUG, naming table and line, for data that is wrong. */
struct fault *demo_load(struct demo_loader *, const struct demo_table *) MUST_CHECK;

/* Its records, into one space; letter: how the tables call it. The loader then knows them by their codes. */
struct fault *demo_fill(struct door *, char letter, struct demo_loader *) MUST_CHECK;

/* What happened in them since, in the order of days: introductions asked and answered by their people. The
 * clock is held at each, and left where it was. */
enum { DEMO_DAYS = 40 };
struct fault *demo_history(struct demo_loader *, size_t count, int64_t now_us) MUST_CHECK;

#endif
