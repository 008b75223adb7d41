/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* plan.c - how a record type lies in its table, worked out once per connection. */
#include "rows/plan.h"

#include <stdio.h>
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
    buffer_print(sql, "SELECT %s", p->columns);
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
    TRY(statement_find(connection, buffer_view(c->sql), s));
    struct arguments arguments = {c->arguments, (size_t)c->count};
    return c->walks ? statement_walk(connection, *s, arguments) : statement_bind(connection, *s, arguments);
}

/* Levels that are open to this asker without belonging to the organisation. */
static void open_levels(const struct sight *s, bool open[VISIBILITY_PRIVATE + 1])
{
    open[VISIBILITY_PUBLIC] = true;
    open[VISIBILITY_SPACE] = s->signed_in || s->facilitator;
    open[VISIBILITY_GRAPPE] = open[VISIBILITY_CONFIDENTIAL] = s->facilitator;
}

static void compose_mine(struct composer *c, const char *alias, const char *column)
{
    buffer_print(c->sql, "%s.\"%s\" IN (SELECT id FROM id_list(", alias, column);
    if (c->mine) {
        buffer_print(c->sql, "$%d", c->mine);
    } else {
        compose_argument(c, argument_ids(c->sight->organisations, c->sight->count));
        c->mine = c->count;
    }
    buffer_text(c->sql, "))");
}

/* The record's own level. A level that is not known is private. */
static void compose_level(struct composer *c, const struct record_type *t, const char *alias)
{
    bool open[VISIBILITY_PRIVATE + 1] = {false}, owned = t->owner && c->sight->count > 0;
    open_levels(c->sight, open);
    buffer_char(c->sql, '(');
    if (t->visibility_field) {
        buffer_print(c->sql, "%s%s.\"%s\" IN (", c->counting ? "" : c->dialect->no_index, alias,
                     t->visibility_field);
        const char *comma = "";
        for (int level = VISIBILITY_PUBLIC; level <= VISIBILITY_PRIVATE; level++)
            if (open[level]) {
                buffer_print(c->sql, "%s'%s'", comma, visibility_code((enum visibility)level));
                comma = ",";
            }
        buffer_char(c->sql, ')');
    } else {
        buffer_text(c->sql, open[t->visibility] ? "TRUE" : "FALSE");
    }
    if (owned && (t->visibility_field || !open[t->visibility])) {
        buffer_text(c->sql, " OR ");
        compose_mine(c, alias, t->owner);
    }
    buffer_char(c->sql, ')');
}

void compose_sight(struct composer *c, const struct record_type *t, const char *alias)
{
    if (c->sight->everything) {
        buffer_text(c->sql, "TRUE");
        return;
    }
    if (!(t->readers & (c->sight->role | ROLE_VISITOR))) {
        buffer_text(c->sql, "FALSE");
        return;
    }
    compose_level(c, t, alias);
    if (!t->owner || strcmp(t->owner, "id") == 0)
        return;
    const struct record_type *owner = record_type_find(field_find(t, t->owner)->to);
    char inner[40];
    (void)snprintf(inner, sizeof inner, "%.30s_o", alias);
    buffer_print(
        c->sql,
        " AND EXISTS (SELECT 1 FROM \"%s\" %s WHERE %s.\"id\" = %s.\"%s\" AND %s.deleted_us IS NULL AND ",
        owner->name, inner, inner, alias, t->owner, inner);
    compose_sight(c, owner, inner);
    buffer_char(c->sql, ')');
}
