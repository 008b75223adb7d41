/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* read.c - records loaded and listed, their terms, their names. */
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "rows/plan.h"

static const struct sight itself = {.program = "rows"};

struct fault *no_such_record(const struct record_type *t)
{
    return fault(FAULT_NOT_FOUND, "%s: there is none here that you may see.", tr(t->title));
}

static struct composer composer_new(struct connection *connection, struct arena *work,
                                    const struct sight *sight)
{
    struct composer c = {.arena = work,
                         .sql = buffer_new(work, LIMIT_SQL),
                         .dialect = &connection->engine->dialect,
                         .sight = sight};
    if (sight->program)
        buffer_print(c.sql, BY_PROGRAM("%s"), sight->program);
    return c;
}

/* Reads the one row of a prepared statement. */
static struct fault *one_row(struct connection *c, struct arena *a, struct statement *s, const struct plan *p,
                             void *record)
{
    bool row;
    record_clear(p->type, record);
    TRY(statement_step(c, s, &row));
    if (!row)
        return no_such_record(p->type);
    struct fault *wrong = cells_read(s, 0, p->cells, p->count, a, record);
    statement_reset(c, s);
    return wrong ? wrong : terms_attach(c, a, p, record, 1, 0);
}

struct fault *rows_load(struct connection *c, struct arena *a, const struct record_type *t, int64_t id,
                        const struct sight *sight, void *record)
{
    ARENA_SCOPE(work);
    struct plan *p = plan_of(c, t);
    struct composer q = composer_new(c, work, sight);
    struct statement *s;
    buffer_print(q.sql, "SELECT %s FROM", p->columns);
    compose_records(&q, t, "r");
    buffer_text(q.sql, " WHERE r.\"id\" = ");
    compose_argument(&q, argument_integer(id));
    buffer_text(q.sql, " AND ");
    compose_living(&q, "r");
    TRY(compose_prepare(&q, c, &s));
    return one_row(c, a, s, p, record);
}

struct fault *stored_load(struct connection *c, struct arena *a, const struct record_type *t, int64_t id,
                          void *record)
{
    return rows_load(c, a, t, id, &itself, record);
}

/* Terms. */

struct position {
    int64_t id;
    char *record;
};

static int by_id(const void *a, const void *b)
{
    int64_t x = ((const struct position *)a)->id, y = ((const struct position *)b)->id;
    return (x > y) - (x < y);
}

static bool skipped(const struct record_type *t, const struct field *f, uint64_t skip)
{
    return skip >> (f - t->fields) & 1;
}

/* One list of terms in the making: `start` in the common array, until that has stopped growing. */
struct run {
    struct term_list *list;
    size_t start;
};

struct gathering {
    int64_t *terms;
    size_t count, capacity;
    struct run *runs;
    size_t run_count, run_capacity;
};

/* The list that (record, field) fills; NULL for a field that is no longer described. */
static struct term_list *list_of(const struct plan *p, char *record, int64_t field, uint64_t skip)
{
    for (int i = 0; record && i < p->terms_count; i++)
        if (p->terms[i]->id == field)
            return skipped(p->type, p->terms[i], skip) ? NULL : field_at(p->terms[i], record);
    return NULL;
}

static struct fault *terms_gather(struct connection *c, struct arena *a, struct statement *s,
                                  const struct plan *p, const struct position *positions, size_t count,
                                  uint64_t skip, struct gathering *g)
{
    int64_t record = 0, field = 0;
    struct term_list *list = NULL;
    bool row;
    TRY(statement_step(c, s, &row));
    while (row) {
        int64_t this_record = statement_integer(s, 0), this_field = statement_integer(s, 1);
        if (this_record != record || this_field != field) {
            struct position key = {.id = record = this_record};
            field = this_field;
            struct position *found = bsearch(&key, positions, count, sizeof key, by_id);
            list = list_of(p, found ? found->record : NULL, field, skip);
            if (list)
                *PUSH(a, g->runs, g->run_count, g->run_capacity) = (struct run){list, g->count};
        }
        if (list) {
            *PUSH(a, g->terms, g->count, g->capacity) = statement_integer(s, 2);
            list->count++;
        }
        TRY(statement_step(c, s, &row));
    }
    for (size_t i = 0; i < g->run_count; i++)
        g->runs[i].list->ids = g->terms + g->runs[i].start;
    return NULL;
}

/* The terms of a record and field must follow each other: where a join reads its second table by the primary
 * key for each row of the first, they do by themselves. The program's, because asking once more for each term
 * whether its record may be seen would cost as much as the list: the ids are of records that were. */
#define TERMS_OF                                                                                             \
    BY_PROGRAM("rows")                                                                                       \
    "SELECT x.record, x.field, x.term FROM id_list($2) l"                                                    \
    " CROSS JOIN record_term x WHERE x.type = $1 AND x.record = l.id"

struct fault *terms_attach(struct connection *c, struct arena *a, const struct plan *p, void *records,
                           size_t count, uint64_t skip)
{
    bool wanted = false;
    for (int i = 0; i < p->terms_count; i++)
        wanted |= !skipped(p->type, p->terms[i], skip);
    if (!wanted || !count)
        return NULL;
    ARENA_SCOPE(work);
    struct position *positions = NEW(work, struct position, count);
    int64_t *ids = NEW(work, int64_t, count);
    for (size_t i = 0; i < count; i++) {
        char *record = (char *)records + i * p->type->size;
        positions[i] = (struct position){((struct record_head *)record)->id, record};
    }
    qsort(positions, count, sizeof *positions, by_id);
    for (size_t i = 0; i < count; i++)
        ids[i] = positions[i].id;
    struct statement *s;
    struct gathering found = {0};
    TRY(statement_literal(
        c, c->engine->dialect.joins_in_order ? SQL(TERMS_OF) : SQL(TERMS_OF " ORDER BY 1, 2, 3"), &s));
    TRY(statement_bind(c, s, ARGS(argument_text(p->type->name), argument_ids(ids, count))));
    return terms_gather(c, a, s, p, positions, count, skip, &found);
}

/* Lists. */

static struct fault *compose_where(struct composer *q, const struct list_query *query)
{
    buffer_text(q->sql, " FROM");
    compose_records(q, query->type, "r");
    buffer_text(q->sql, " WHERE ");
    compose_living(q, "r");
    if (query->ids) {
        buffer_text(q->sql, " AND r.\"id\" IN (SELECT id FROM id_list(");
        compose_argument(q, argument_ids(query->ids, query->id_count));
        buffer_text(q->sql, "))");
    }
    for (size_t i = 0; i < query->filter_count; i++)
        TRY(compose_filter(q, query->type, &query->filters[i]));
    return NULL;
}

/* The columns a list reads. */
struct selection {
    const struct plan *plan;
    struct cell *cells;
    int count;
};

static struct selection select_columns(struct composer *q, const struct plan *p, uint64_t skip)
{
    struct selection s = {p, NEW(q->arena, struct cell, p->count), 0};
    buffer_text(q->sql, "SELECT ");
    for (int i = 0; i < p->count; i++) {
        if (p->field_of[i] >= 0 && (skip >> p->field_of[i] & 1))
            continue;
        buffer_print(q->sql, "%sr.%s", s.count ? ", " : "", p->names[i]);
        s.cells[s.count++] = p->cells[i];
    }
    return s;
}

static struct fault *list_read(struct connection *c, struct arena *a, struct statement *s,
                               const struct selection *columns, int64_t limit, char **records, size_t *count)
{
    size_t capacity = 0, size = columns->plan->type->size;
    bool row;
    TRY(statement_step(c, s, &row));
    while (row) {
        if (*count == capacity) {
            size_t larger = capacity ? capacity * 4 : 64;
            larger = (uint64_t)limit < larger ? (size_t)limit : larger;
            *records = arena_grow(a, *records, *count, larger, size, alignof(max_align_t));
            capacity = larger;
        }
        char *record = *records + *count * size;
        memcpy(record, columns->plan->blank, size);
        TRY(cells_read(s, 0, columns->cells, columns->count, a, record));
        ++*count;
        TRY(arena_check(a));
        TRY(statement_step(c, s, &row));
    }
    return NULL;
}

/* How many match: known without asking when the page is not full. */
static struct fault *list_total(struct connection *c, struct arena *work, const struct list_query *query,
                                const struct sight *sight, int64_t *total)
{
    struct composer q = composer_new(c, work, sight);
    struct statement *s;
    bool row;
    bool all = !sight->program && !query->ids && !query->filter_count;
    if (all)
        buffer_print(q.sql, "SELECT CAST(sum(n) AS BIGINT) FROM \"count_of_%s\"", query->type->name);
    else
        buffer_text(q.sql, "SELECT count(*)");
    if (!all)
        TRY(compose_where(&q, query));
    TRY(compose_prepare(&q, c, &s));
    TRY(statement_step(c, s, &row));
    *total = row ? statement_integer(s, 0) : 0;
    statement_reset(c, s);
    return NULL;
}

struct fault *rows_list(struct connection *c, struct arena *a, const struct list_query *query,
                        const struct sight *sight, void **records, size_t *count, int64_t *total)
{
    ARENA_SCOPE(work);
    struct plan *p = plan_of(c, query->type);
    struct composer q = composer_new(c, work, sight);
    struct statement *s;
    char *found = NULL;
    int64_t limit = query->limit > 0 ? query->limit : LIMIT_LIST_ROWS;
    int64_t offset = query->offset > 0 ? query->offset : 0;
    *records = NULL;
    *count = 0;
    q.walks = limit > LIMIT_LIST_ROWS;
    struct selection columns = select_columns(&q, p, query->skip);
    TRY(compose_where(&q, query));
    compose_order(&q, query);
    buffer_text(q.sql, " LIMIT ");
    compose_argument(&q, argument_integer(limit));
    buffer_text(q.sql, " OFFSET ");
    compose_argument(&q, argument_integer(offset));
    TRY(compose_prepare(&q, c, &s));
    struct fault *wrong = list_read(c, a, s, &columns, limit, &found, count);
    if (wrong) {
        statement_reset(c, s);
        return wrong;
    }
    TRY(terms_attach(c, a, p, found, *count, query->skip));
    *records = found;
    if (!total)
        return NULL;
    bool complete = (int64_t)*count < limit && (*count > 0 || offset == 0);
    *total = offset + (int64_t)*count;
    return complete ? NULL : list_total(c, work, query, sight, total);
}

struct fault *rows_names(struct connection *c, struct arena *a, const struct record_type *t,
                         const int64_t *ids, size_t count, const struct sight *sight, const char ***names)
{
    ARENA_SCOPE(work);
    struct composer q = composer_new(c, work, sight);
    struct statement *s;
    bool row;
    *names = NEW(a, const char *, count);
    if (!count || !t->name_field)
        return NULL;
    struct position *sorted = NEW(work, struct position, count);
    for (size_t i = 0; i < count; i++)
        sorted[i] = (struct position){.id = ids[i]};
    qsort(sorted, count, sizeof *sorted, by_id);
    buffer_print(q.sql, "SELECT r.\"id\", r.\"%s\" FROM id_list(", t->name_field);
    compose_argument(&q, argument_ids(ids, count));
    buffer_text(q.sql, ") l CROSS JOIN");
    compose_records(&q, t, "r");
    buffer_text(q.sql, " WHERE r.\"id\" = l.id AND ");
    compose_living(&q, "r");
    TRY(compose_prepare(&q, c, &s));
    TRY(statement_step(c, s, &row));
    while (row) {
        struct position key = {.id = statement_integer(s, 0)};
        struct position *found = bsearch(&key, sorted, count, sizeof key, by_id);
        if (found && !statement_unknown(s, 1))
            found->record = arena_text(a, statement_bytes(s, 1).ptr, statement_bytes(s, 1).len);
        TRY(statement_step(c, s, &row));
    }
    for (size_t i = 0; i < count; i++) {
        const struct position *at =
            bsearch(&(struct position){.id = ids[i]}, sorted, count, sizeof *at, by_id);
        (*names)[i] = at ? at->record : NULL;
    }
    return NULL;
}
