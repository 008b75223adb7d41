/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan.c - how a record type lies in its table, worked out once per connection. */
#include "rows/plan.h"

#include <string.h>

int column_count(enum kind kind)
{
    return kind == KIND_terms ? 0 : kind == KIND_interval ? 2 : 1;
}

void column_name(struct buffer *b, const struct field *f, int which)
{
    const char *suffix = f->kind != KIND_interval ? "" : which ? "_max" : "_min";
    buffer_print(b, "\"%s%s\"", f->name, suffix);
}

bool fold_kept(const struct dialect *d, const struct record_type *t, const struct field *f)
{
    bool name = t->name_field && strcmp(t->name_field, f->name) == 0;
    bool text = f->kind == KIND_text || f->kind == KIND_longtext;
    return name || (text && (f->folded || d->keeps_folds));
}

static void plan_column(struct plan *p, enum cell_kind kind, size_t offset, const char *name, int field)
{
    p->cells[p->count] = (struct cell){kind, offset};
    p->field_of[p->count] = field;
    p->names[p->count++] = name;
}

static void plan_field(struct arena *a, const struct dialect *d, struct plan *p, const struct field *f)
{
    for (int which = 0; which < column_count(f->kind); which++) {
        struct buffer *name = buffer_new(a, KIB);
        column_name(name, f, which);
        plan_column(p, cell_kind_of(f->kind), f->offset + (which ? offsetof(struct interval, hi) : 0),
                    buffer_string(name), (int)(f - p->type->fields));
    }
    if (f->kind == KIND_terms)
        p->terms[p->terms_count++] = f;
    if (fold_kept(d, p->type, f))
        p->folds[p->folds_count++] =
            (struct folded){&p->cells[p->count - 1], arena_print(a, "\"%s_folded\"", f->name)};
}

static struct plan *plan_make(struct connection *c, const struct record_type *t)
{
    struct plan *p = NEW(c->memory, struct plan, 1);
    struct buffer *columns = buffer_new(c->memory, LIMIT_SQL);
    p->type = t;
    p->cells = NEW(c->memory, struct cell, 2 * t->count + 2);
    p->names = NEW(c->memory, const char *, 2 * t->count + 2);
    p->field_of = NEW(c->memory, int, 2 * t->count + 2);
    p->terms = NEW(c->memory, const struct field *, t->count);
    p->folds = NEW(c->memory, struct folded, t->count);
    plan_column(p, CELL_INTEGER, offsetof(struct record_head, id), "\"id\"", -1);
    plan_column(p, CELL_INTEGER, offsetof(struct record_head, version), "\"version\"", -1);
    for (int longs = 0; longs < 2; longs++)
        for (int i = 0; i < t->count; i++)
            if ((t->fields[i].kind == KIND_longtext) == longs)
                plan_field(c->memory, &c->engine->dialect, p, &t->fields[i]);
    for (int i = 0; i < p->count; i++)
        buffer_print(columns, "%sr.%s", i ? ", " : "", p->names[i]);
    p->columns = buffer_string(columns);
    p->blank = record_new(c->memory, t);
    p->next = c->plans;
    return c->plans = p;
}

struct plan *plan_of(struct connection *c, const struct record_type *t)
{
    for (struct plan *p = c->plans; p; p = p->next)
        if (p->type == t)
            return p;
    return plan_make(c, t);
}

struct fault *plan_select(struct arena *work, struct connection *c, const struct plan *p, const char *where,
                          struct statement **s)
{
    struct buffer *sql = buffer_new(work, LIMIT_SQL);
    buffer_print(sql, BY_PROGRAM("schema") "SELECT %s", p->columns);
    for (int i = 0; i < p->folds_count; i++)
        buffer_print(sql, ", r.%s", p->folds[i].name);
    buffer_print(sql, " FROM \"%s\" r WHERE %s", p->type->name, where);
    TRY(buffer_check(sql));
    return statement_find(c, buffer_view(sql), s);
}

void compose_argument(struct composer *c, struct argument value)
{
    if (c->count < COMPOSED_ARGUMENTS)
        c->arguments[c->count] = value;
    buffer_print(c->sql, "$%d", ++c->count);
}

struct fault *compose_prepare(struct composer *c, struct connection *connection, struct statement **s)
{
    if (c->count > COMPOSED_ARGUMENTS)
        return fault(FAULT_LIMIT, "There are too many filters.");
    TRY(buffer_check(c->sql));
    connection_ask(connection, c->sight);
    TRY(statement_find(connection, buffer_view(c->sql), s));
    struct arguments arguments = {c->arguments, (size_t)c->count};
    return c->walks ? statement_walk(connection, *s, arguments) : statement_bind(connection, *s, arguments);
}

void compose_records(struct composer *c, const struct record_type *t, const char *alias)
{
    buffer_print(c->sql, " \"%s%s\" %s", c->sight->program ? "" : "seen_", t->name, alias);
}

void compose_living(struct composer *c, const char *alias)
{
    if (c->sight->program)
        buffer_print(c->sql, "%s.deleted_us IS NULL", alias);
    else
        buffer_text(c->sql, "TRUE");
}

void compose_terms(struct composer *c, const struct record_type *t)
{
    if (c->sight->program)
        buffer_text(c->sql, " record_term x");
    else
        buffer_print(c->sql, " \"terms_of_%s\" x", t->name);
    buffer_print(c->sql, " WHERE x.type = '%s'", t->name);
}
