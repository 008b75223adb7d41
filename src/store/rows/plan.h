/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan.h - a record type as one connection stores it, and SQL made from descriptions; private to store/. */
#ifndef GRAPPE_PLAN_H
#define GRAPPE_PLAN_H

#include "arena/arena.h"
#include "db/statement.h"
#include "records/records.h"
#include "rows/rows.h"
#include "text/buffer.h"

/* Cells are id, version, then the columns of the fields: short ones first, so that reading them does not walk
 * through long texts. Terms have no column. */
struct folded {
    const struct cell *of;
    const char *name; /* of its column, quoted */
};
enum { INSERTIONS = 4 };
struct plan {
    struct plan *next;
    const struct record_type *type;
    struct cell *cells;
    const char **names; /* of their columns, quoted */
    int *field_of;      /* the field's number in the type; -1: id and version */
    int count;
    const struct field **terms;
    int terms_count;
    struct folded *folds; /* columns of folded texts, which no record has */
    int folds_count;
    const char *columns; /* r."id", r."version", … in the order of the cells */
    const void *blank;   /* a record of which nothing is known */
    struct insertion {
        uint64_t known; /* bits of the fields whose columns it names */
        struct statement *statement;
    } insertions[INSERTIONS]; /* pinned, as these are; the last names all columns */
    int insertions_count;
    struct statement *update, *remove, *restore; /* NULL until first used */
};

struct plan *plan_of(struct connection *, const struct record_type *);
/* Every column of its records, those of folded texts after the cells. */
struct fault *plan_select(struct arena *work, struct connection *, const struct plan *, const char *where,
                          struct statement **) MUST_CHECK;

/* Whether the folded form of this field has a column: names always, by which lists are sorted. */
bool fold_kept(const struct dialect *, const struct record_type *, const struct field *);

/* The columns of a field: one, or two for an interval, or none for terms. */
int column_count(enum kind);
void column_name(struct buffer *, const struct field *, int which);

/* A statement in the making: text, and the arguments its $n stand for. */
enum { COMPOSED_ARGUMENTS = 120 };
struct composer {
    struct arena *arena;
    struct buffer *sql;
    const struct dialect *dialect;
    const struct sight *sight;
    struct argument arguments[COMPOSED_ARGUMENTS];
    int count;
    bool walks; /* more rows may come than are to be held at once */
};

/* Appends "$n" for this value. */
void compose_argument(struct composer *, struct argument);
struct fault *compose_prepare(struct composer *, struct connection *, struct statement **) MUST_CHECK;

/* Appends ` "TABLE" ALIAS`: the view of what the asker may see of a type; for the program the table. */
void compose_records(struct composer *, const struct record_type *, const char *alias);
/* The condition that goes with it: what is deleted stands in no view. */
void compose_living(struct composer *, const char *alias);
/* Appends ` "TABLE" x WHERE x.type = …`: terms of those records. */
void compose_terms(struct composer *, const struct record_type *);

/* " AND (…)" for a filter. BUG for an operator that the kind does not have. */
struct fault *compose_filter(struct composer *, const struct record_type *, const struct filter *) MUST_CHECK;
/* " ORDER BY …". */
void compose_order(struct composer *, const struct list_query *);

/* Terms of `count` records with one statement; fields of `skip` stay unknown. */
struct fault *terms_attach(struct connection *, struct arena *, const struct plan *, void *records,
                           size_t count, uint64_t skip) MUST_CHECK;

/* The views of an asker (db/sight.h), as a script. */
void views_define(struct buffer *, struct connection *);

/* The row of a new record alone, without its terms and its entry; sent like statement_queue. */
struct fault *row_queue(struct connection *, struct plan *, const void *record) MUST_CHECK;

/* The stored record, whoever asks. */
struct fault *stored_load(struct connection *, struct arena *, const struct record_type *, int64_t id,
                          void *record) MUST_CHECK;
struct fault *no_such_record(const struct record_type *) MUST_CHECK;

#endif
