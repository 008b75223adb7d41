/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* filter.c - filters and orders of lists as SQL. */
#include <string.h>

#include "record/record.h"
#include "records/records.h"
#include "rows/plan.h"
#include "text/fold.h"

static void column(struct composer *c, const struct field *f, int which)
{
    buffer_text(c->sql, "r.");
    column_name(c->sql, f, which);
}

/* The folded form of a text column: kept beside it, or worked out. */
static void folded_column(struct composer *c, const struct record_type *t, const struct field *f)
{
    if (f->kind == KIND_choice) /* codes are folded as they are */
        column(c, f, 0);
    else if (fold_kept(c->dialect, t, f))
        buffer_print(c->sql, "r.\"%s_folded\"", f->name);
    else
        buffer_print(c->sql, "folded(r.\"%s\")", f->name);
}

static struct argument filter_value(const struct filter *by)
{
    switch (cell_kind_of(by->field->kind)) {
    case CELL_TEXT:
        return argument_text(by->text ? by->text : "");
    case CELL_REAL:
        return argument_real(by->real);
    case CELL_INTEGER:
    case CELL_FLAG:
    case CELL_REF:
        return argument_integer(by->integer);
    }
    return argument_text(NULL);
}

/* r.id among the records that carry a term of the list (all terms: count 0) in this field. */
static void has_terms(struct composer *c, const struct record_type *t, const struct field *f,
                      const int64_t *ids, size_t count)
{
    buffer_text(c->sql, "r.\"id\" IN (SELECT x.record FROM");
    if (count) { /* joined from the list, as SQLite would walk all terms of the type to meet them */
        buffer_text(c->sql, " id_list(");
        compose_argument(c, argument_ids(ids, count));
        buffer_text(c->sql, ") l CROSS JOIN");
    }
    compose_terms(c, t);
    buffer_print(c->sql, " AND x.field = %d%s)", f->id, count ? " AND x.term = l.id" : "");
}

static void compare(struct composer *c, const struct filter *by, int which, const char *operator)
{
    column(c, by->field, which);
    buffer_text(c->sql, operator);
    compose_argument(c, filter_value(by));
}

/* An open end reaches as far as one likes; an interval that is not known at all reaches nowhere. */
static void reaches(struct composer *c, const struct filter *by, int which, const char *operator)
{
    buffer_char(c->sql, '(');
    compare(c, by, which, operator);
    buffer_text(c->sql, " OR (");
    column(c, by->field, which);
    buffer_text(c->sql, " IS NULL AND ");
    column(c, by->field, !which);
    buffer_text(c->sql, " IS NOT NULL))");
}

static bool interval_filter(struct composer *c, const struct filter *by)
{
    bool equal = by->comparison == OPERATOR_EQUAL;
    if (equal || by->comparison == OPERATOR_AT_LEAST)
        reaches(c, by, 1, " >= ");
    if (equal)
        buffer_text(c->sql, " AND ");
    if (equal || by->comparison == OPERATOR_AT_MOST)
        reaches(c, by, 0, " <= ");
    return equal || by->comparison == OPERATOR_AT_LEAST || by->comparison == OPERATOR_AT_MOST;
}

static bool terms_filter(struct composer *c, const struct record_type *t, const struct filter *by)
{
    bool one = by->comparison == OPERATOR_HAS_TERM || by->comparison == OPERATOR_EQUAL;
    if (one)
        has_terms(c, t, by->field, &by->integer, 1);
    else if (by->comparison == OPERATOR_ANY_OF && by->any_count)
        has_terms(c, t, by->field, by->any, by->any_count);
    else if (by->comparison == OPERATOR_ANY_OF)
        buffer_text(c->sql, "FALSE");
    return one || by->comparison == OPERATOR_ANY_OF;
}

/* A reference to what the asker may not see counts as none. That the owner may be seen was asked for the
 * record. */
static void only_seen(struct composer *c, const struct record_type *t, const struct field *f)
{
    if (f->kind != KIND_ref || c->sight->program || (t->owner && strcmp(t->owner, f->name) == 0))
        return;
    buffer_text(c->sql, " AND EXISTS (SELECT 1 FROM");
    compose_records(c, record_type_find(f->to), "v");
    buffer_print(c->sql, " WHERE v.\"id\" = r.\"%s\")", f->name);
}

static void known_filter(struct composer *c, const struct record_type *t, const struct filter *by)
{
    buffer_text(c->sql, by->comparison == OPERATOR_KNOWN ? "(" : "NOT (");
    if (by->field->kind == KIND_terms)
        has_terms(c, t, by->field, NULL, 0);
    for (int i = 0; i < column_count(by->field->kind); i++) {
        buffer_text(c->sql, i ? " OR " : "");
        column(c, by->field, i);
        buffer_text(c->sql, " IS NOT NULL");
    }
    only_seen(c, t, by->field);
    buffer_char(c->sql, ')');
}

static bool contains_filter(struct composer *c, const struct record_type *t, const struct filter *by)
{
    if (cell_kind_of(by->field->kind) != CELL_TEXT)
        return false;
    buffer_text(c->sql, "instr(");
    folded_column(c, t, by->field);
    buffer_text(c->sql, ", ");
    compose_argument(c, argument_text(fold_text(c->arena, by->text)));
    buffer_text(c->sql, ") > 0");
    return true;
}

static bool plain_filter(struct composer *c, const struct record_type *t, const struct filter *by)
{
    static const char *const operators[] = {
        [OPERATOR_EQUAL] = " = ", [OPERATOR_AT_LEAST] = " >= ", [OPERATOR_AT_MOST] = " <= "};
    bool compares = by->comparison == OPERATOR_EQUAL || by->comparison == OPERATOR_AT_LEAST ||
                    by->comparison == OPERATOR_AT_MOST;
    if (compares)
        compare(c, by, 0, operators[by->comparison]);
    bool among = by->comparison == OPERATOR_ANY_OF && by->field->kind == KIND_ref;
    if (among) { /* SQLite does not see by itself that IN leaves NULL out, and would pass by the index */
        column(c, by->field, 0);
        buffer_text(c->sql, " IS NOT NULL AND ");
        column(c, by->field, 0);
        buffer_text(c->sql, " IN (SELECT id FROM id_list(");
        compose_argument(c, argument_ids(by->any, by->any_count));
        buffer_text(c->sql, "))");
    }
    only_seen(c, t, by->field);
    return compares || among;
}

struct fault *compose_filter(struct composer *c, const struct record_type *t, const struct filter *by)
{
    bool fits = true;
    buffer_text(c->sql, " AND (");
    if (by->comparison == OPERATOR_KNOWN || by->comparison == OPERATOR_UNKNOWN)
        known_filter(c, t, by);
    else if (by->comparison == OPERATOR_CONTAINS)
        fits = contains_filter(c, t, by);
    else if (by->field->kind == KIND_terms)
        fits = terms_filter(c, t, by);
    else if (by->field->kind == KIND_interval)
        fits = interval_filter(c, by);
    else
        fits = plain_filter(c, t, by);
    buffer_char(c->sql, ')');
    return fits ? NULL
                : fault(FAULT_BUG, "%s.%s cannot be filtered by operator %d.", t->name, by->field->name,
                        (int)by->comparison);
}

/* Orders. */

/* Choices in the order of their list, not of their codes. */
static void choice_rank(struct composer *c, const struct field *f)
{
    int rank = 0;
    buffer_print(c->sql, "CASE r.\"%s\"", f->name);
    for (const struct choice *choice = f->choices; choice->code; choice++)
        buffer_print(c->sql, " WHEN '%s' THEN %d", choice->code, rank++);
    buffer_text(c->sql, " END");
}

/* A reference sorts by the name it leads to; one that the asker may not see sorts as unknown, so that the
 * order tells nothing about it. */
static void ref_name(struct composer *c, const struct field *f)
{
    const struct record_type *to = record_type_find(f->to);
    if (!to->name_field) {
        buffer_print(c->sql, "r.\"%s\"", f->name);
        return;
    }
    buffer_print(c->sql, "(SELECT n.\"%s_folded\" FROM", to->name_field);
    compose_records(c, to, "n");
    buffer_print(c->sql, " WHERE n.\"id\" = r.\"%s\" AND ", f->name);
    compose_living(c, "n");
    buffer_char(c->sql, ')');
}

static void first_term(struct composer *c, const struct record_type *t, const struct field *f)
{
    buffer_text(c->sql, "(SELECT min(n.label_folded) FROM");
    compose_records(c, &term_type, "n");
    buffer_text(c->sql, ",");
    compose_terms(c, t);
    buffer_print(c->sql, " AND x.term = n.\"id\" AND x.field = %d AND x.record = r.\"id\")", f->id);
}

static void sort_key(struct composer *c, const struct record_type *t, const struct field *f)
{
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        folded_column(c, t, f);
        break;
    case KIND_choice:
        choice_rank(c, f);
        break;
    case KIND_ref:
        ref_name(c, f);
        break;
    case KIND_terms:
        first_term(c, t, f);
        break;
    case KIND_interval:
        buffer_print(c->sql, "coalesce(r.\"%s_min\", r.\"%s_max\")", f->name, f->name);
        break;
    case KIND_integer:
    case KIND_real:
    case KIND_measure:
    case KIND_flag:
    case KIND_date:
        column(c, f, 0);
        break;
    }
}

/* Unknown values last both ways; a column that always has a value goes without saying so, which lets its
 * index give the order. */
void compose_order(struct composer *c, const struct list_query *q)
{
    const struct record_type *t = q->type;
    bool newest = !q->sort && t->newest_first; /* ids grow with time */
    const struct field *named = t->name_field && !newest ? field_find(t, t->name_field) : NULL;
    const struct field *f = q->sort ? q->sort : named;
    const char *way = q->descending || newest ? " DESC" : "";
    buffer_text(c->sql, " ORDER BY ");
    if (f) {
        sort_key(c, t, f);
        bool always = f->required && f->kind != KIND_ref && f->kind != KIND_terms && f->kind != KIND_choice;
        buffer_print(c->sql, "%s%s, ", way, always ? "" : " NULLS LAST");
    }
    buffer_print(c->sql, "r.\"id\"%s", way);
}
