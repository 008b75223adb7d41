/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* past.c - records as they stood, replayed. */
#include "journal/past.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/sight.h"
#include "db/statement.h"
#include "journal/entry.h"
#include "journal/replay.h"
#include "record/record.h"

#define OURS BY_PROGRAM("journal")

struct fault *past_bound(struct connection *c, int64_t at_us, int64_t *bound)
{
    return db_integer(c, bound, PAST_NOW,
                      OURS "SELECT min(id) FROM journal WHERE batch ="
                           " (SELECT batch FROM journal WHERE id >= $1 ORDER BY id LIMIT 1)",
                      ARGS(ARG(id_at(at_us))));
}

/* The place of a field among the values, or where it would stand. */
static size_t place_of(const struct past *p, int field)
{
    size_t at = 0;
    while (at < p->count && p->values[at].field < field)
        at++;
    return at;
}

static struct fault *value_set(struct past *p, int field, const char *plain)
{
    size_t at = place_of(p, field);
    struct past_value *value = &p->values[at];
    bool there = at < p->count && value->field == field;
    if (there && !plain)
        memmove(value, value + 1, (--p->count - at) * sizeof *value);
    if (!plain)
        return NULL;
    if (!there && p->count == LIMIT_FIELDS)
        return fault(FAULT_LIMIT, "A record of the past has more than %d fields.", LIMIT_FIELDS);
    if (!there)
        memmove(value + 1, value, (p->count++ - at) * sizeof *value);
    *value = (struct past_value){field, plain};
    return NULL;
}

struct fault *past_apply(struct past *p, const struct journal_entry *e)
{
    p->known = !e->erased && (p->known || e->act == JOURNAL_INSERT);
    if (e->act == JOURNAL_INSERT || e->act == JOURNAL_RESTORE || e->act == JOURNAL_DELETE)
        p->present = e->act != JOURNAL_DELETE;
    for (size_t i = 0; i < e->count; i++)
        TRY(value_set(p, e->changes[i].field, e->changes[i].after));
    return NULL;
}

struct fault *past_entry(struct arena *a, const struct statement *s, int first, struct journal_entry *e)
{
    struct journal_change *changes;
    *e = (struct journal_entry){.id = statement_integer(s, first),
                                .record = statement_integer(s, first + 1),
                                .act = (enum journal_act)statement_integer(s, first + 2),
                                .erased = statement_unknown(s, first + 3)};
    if (e->erased)
        return NULL;
    TRY(changes_unpack(a, statement_bytes(s, first + 3), &changes, &e->count));
    e->changes = changes;
    return NULL;
}

struct fault *past_state(struct arena *a, const struct statement *s, int first, struct past *p)
{
    struct journal_entry as_inserted = {.act = JOURNAL_INSERT};
    struct journal_change *values;
    *p = (struct past){.record = statement_integer(s, first)};
    TRY(changes_unpack(a, statement_bytes(s, first + 2), &values, &as_inserted.count));
    as_inserted.changes = values;
    TRY(past_apply(p, &as_inserted));
    p->present = statement_integer(s, first + 1) == 0;
    return NULL;
}

struct fault *past_replay(struct connection *c, struct arena *a, const char *type, int64_t from,
                          int64_t bound, struct past *p)
{
    struct statement *s;
    bool row;
    TRY(statement_literal(c,
                          SQL(OURS "SELECT j.id, j.record, j.act, v.changes FROM journal j"
                                   " LEFT JOIN journal_values v ON v.entry = j.id"
                                   " WHERE j.record = $1 AND j.type = $2 AND j.id >= $3 AND j.id < $4"
                                   " ORDER BY j.id"),
                          &s));
    TRY(statement_bind(c, s, ARGS(ARG(p->record), ARG(type), ARG(from), ARG(bound))));
    TRY(statement_step(c, s, &row));
    while (row) {
        struct journal_entry e;
        struct fault *wrong = past_entry(a, s, 0, &e);
        if (!wrong)
            wrong = past_apply(p, &e);
        if (wrong) {
            statement_reset(c, s);
            return wrong;
        }
        TRY(statement_step(c, s, &row));
    }
    return arena_check(a);
}

struct fault *past_of(struct connection *c, struct arena *a, const char *type, int64_t record, int64_t bound,
                      struct past *p)
{
    struct statement *s;
    struct fault *wrong = NULL;
    int64_t since = 0;
    bool row;
    *p = (struct past){.record = record};
    TRY(statement_literal(c,
                          SQL(OURS
                              "SELECT record, gone, state, since FROM journal_state"
                              " WHERE type = $1 AND record = $2 AND since <= $3 ORDER BY since DESC LIMIT 1"),
                          &s));
    TRY(statement_bind(c, s, ARGS(ARG(type), ARG(record), ARG(bound))));
    TRY(statement_step(c, s, &row));
    if (row) {
        since = statement_integer(s, 3);
        wrong = past_state(a, s, 0, p);
        statement_reset(c, s);
    }
    return wrong ? wrong : past_replay(c, a, type, since, bound, p);
}

/* All records of a type. */

struct replaying {
    struct arena *arena;           /* of the entries since the month */
    struct journal_entry *entries; /* by record, each in order */
    size_t count, capacity;
    bool *used; /* laid over a state */
    past_shown *shown;
    void *owner;
};

static int by_record(const void *a, const void *b)
{
    const struct journal_entry *x = a, *y = b;
    int order = (x->record > y->record) - (x->record < y->record);
    return order ? order : (x->id > y->id) - (x->id < y->id);
}

static struct fault *keep_entry(void *owner, struct statement *s)
{
    struct replaying *r = owner;
    TRY(past_entry(r->arena, s, 0, PUSH(r->arena, r->entries, r->count, r->capacity)));
    return arena_check(r->arena);
}

/* The first entry of a record; count when there is none. */
static size_t first_of(const struct replaying *r, int64_t record)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->entries[middle].record < record)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The entries from `at` on that are of the state's record, laid over it; then it is shown. */
static struct fault *finish(struct replaying *r, size_t at, struct past *p)
{
    for (; at < r->count && r->entries[at].record == p->record; at++) {
        TRY(past_apply(p, &r->entries[at]));
        r->used[at] = true;
    }
    return p->known ? r->shown(r->owner, p) : NULL;
}

static struct fault *show_state(void *owner, struct statement *s)
{
    ARENA_SCOPE(work);
    struct replaying *r = owner;
    struct past p;
    TRY(past_state(work, s, 0, &p));
    return finish(r, first_of(r, p.record), &p);
}

struct fault *past_each(struct connection *c, const char *type, int64_t bound, past_shown *shown, void *owner)
{
    ARENA_SCOPE(work);
    struct replaying r = {.arena = work, .shown = shown, .owner = owner};
    struct statement *entries, *states;
    int64_t month, rows = 0;
    TRY(db_integer(c, &month, 0, OURS "SELECT max(id) FROM journal_month WHERE id <= $1", ARGS(ARG(bound))));
    TRY(statement_literal(c,
                          SQL(OURS "SELECT j.id, j.record, j.act, v.changes FROM journal j"
                                   " LEFT JOIN journal_values v ON v.entry = j.id"
                                   " WHERE j.id >= $1 AND j.id < $2 AND j.type = $3"),
                          &entries));
    TRY(statement_walk(c, entries, ARGS(ARG(month), ARG(bound), ARG(type))));
    TRY(statement_each(c, entries, keep_entry, &r, &rows));
    if (r.count)
        qsort(r.entries, r.count, sizeof *r.entries, by_record);
    r.used = NEW(work, bool, r.count + 1);
    TRY(statement_literal(c,
                          SQL(OURS "SELECT record, gone, state FROM journal_state"
                                   " WHERE type = $1 AND since <= $2 AND until > $2"),
                          &states));
    TRY(statement_walk(c, states, ARGS(ARG(type), ARG(month))));
    TRY(statement_each(c, states, show_state, &r, &rows));
    for (size_t i = 0; i < r.count; i++)
        if (!r.used[i]) {
            struct past born = {.record = r.entries[i].record};
            TRY(finish(&r, i, &born));
        }
    return NULL;
}

void past_record(const struct past *p, const struct record_type *type, struct arena *a, uint64_t fields,
                 void *record)
{
    record_clear(type, record);
    *(struct record_head *)record = (struct record_head){.id = p->record};
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        size_t at = place_of(p, f->id);
        if (!(fields >> i & 1) || at == p->count || p->values[at].field != f->id)
            continue;
        const struct record_type one = {.fields = f, .count = 1};
        if (value_load(f, a, slice_of(p->values[at].plain), record) != NULL)
            record_clear(&one, record);
    }
}
