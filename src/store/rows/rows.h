/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* rows.h - records saved, loaded and listed from their descriptions.
 *
 * The only composed SQL of the program is made here, from descriptions we wrote; it is prepared once per
 * connection. Every function that reads takes a `sight`: who asks. Askers read views of what they may see, so
 * that rows, counts and sort orders never contain a hidden record; the program reads the tables. Only
 * app/door calls this layer. */
#ifndef GRAPPE_ROWS_H
#define GRAPPE_ROWS_H

#include "db/db.h"
#include "db/sight.h"

/* Opens a space, as db_open: with a lock on each of its connections, without which only a sight that names a
 * part of the program reads anything here. */
struct fault *rows_open(const char *place, bool create, struct db **) MUST_CHECK;

/* Creates tables, indexes, journal and search tables of every record type; nothing if they are there. */
struct fault *rows_create_schema(struct transaction *) MUST_CHECK;
/* After a great many changes: the database counts what it holds, as by itself it does only minutes later, and
 * until then looks for records in the wrong order. A few tenths of a second; nothing on SQLite. */
struct fault *rows_count_anew(struct transaction *) MUST_CHECK;
/* INVALID when a table or column of some record type is not there: migrations come with the first release. */
struct fault *rows_check_schema(struct connection *) MUST_CHECK;

/* NOT_FOUND for a record that is absent, deleted, or hidden: the same fault, the same time class. */
struct fault *rows_load(struct connection *, struct arena *, const struct record_type *, int64_t id,
                        const struct sight *, void *record) MUST_CHECK;

/* Inserts: record->id is given one when 0; version becomes 1. Updates: CONFLICT unless the stored version is
 * record->version, which then grows; nothing happens when nothing differs. Both append to the journal, field
 * by field, in the same transaction. A unique field that is taken is CONFLICT with the field named. `person`
 * is the author (0: the program). What the database itself refuses may be told by a later step of the
 * transaction, at the latest by its commit; a transaction that was refused something can only be abandoned.
 */
struct fault *rows_insert(struct transaction *, const struct record_type *, void *record,
                          int64_t person) MUST_CHECK;
struct fault *rows_update(struct transaction *, const struct record_type *, void *record,
                          int64_t person) MUST_CHECK;
/* Hidden from every reader, kept for undo. */
struct fault *rows_delete(struct transaction *, const struct record_type *, int64_t id, int64_t version,
                          int64_t person) MUST_CHECK;
struct fault *rows_restore(struct transaction *, const struct record_type *, int64_t id,
                           int64_t person) MUST_CHECK;

enum comparison {
    OPERATOR_EQUAL,
    OPERATOR_CONTAINS,
    OPERATOR_AT_LEAST,
    OPERATOR_AT_MOST,
    OPERATOR_HAS_TERM,
    OPERATOR_KNOWN,
    OPERATOR_UNKNOWN,
    OPERATOR_ANY_OF
};

struct filter {
    const struct field *field;
    enum comparison comparison;
    const char *text; /* CONTAINS (folded by the store), EQUAL on text, choice */
    int64_t integer;  /* EQUAL, AT_LEAST, AT_MOST, HAS_TERM, refs, flags, dates, measures */
    double real;
    const int64_t *any; /* ANY_OF: ids for a ref or terms field */
    size_t any_count;
};

struct list_query {
    const struct record_type *type;
    const struct filter *filters; /* all must hold */
    size_t filter_count;
    const struct field *sort; /* NULL: by the name field, folded; ties by id. Unknown values last */
    bool descending;
    int64_t offset, limit; /* limit 0: LIMIT_LIST_ROWS */
    const int64_t *ids;    /* only these records; NULL: all */
    size_t id_count;
    uint64_t skip; /* bit i: fields[i] is not read and stays unknown; long texts cost most */
};

/* Records as an array of type->size bytes each; *total counts all that match and may be seen (NULL: not
 * counted, which is what a long list costs most). Terms of all rows are read with one statement. Cost
 * O(offset + limit), and O(matching) for the count unless the page is not full. */
struct fault *rows_list(struct connection *, struct arena *, const struct list_query *, const struct sight *,
                        void **records, size_t *count, int64_t *total) MUST_CHECK;

/* The names of referred records that the asker may see (hidden ones: NULL), in the order of ids: one
 * statement. */
struct fault *rows_names(struct connection *, struct arena *, const struct record_type *, const int64_t *ids,
                         size_t count, const struct sight *, const char ***names) MUST_CHECK;

#endif
