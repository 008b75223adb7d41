/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "door/past_list.h"

#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "text/fold.h"

/* Above zero, zero or below, as value and filter stand to each other. */
static int compared(const struct filter *by, const void *value)
{
    switch (by->field->kind) {
    case KIND_text:
    case KIND_longtext:
    case KIND_choice:
        return strcmp(*(const char *const *)value, by->text ? by->text : "");
    case KIND_real: {
        double real = *(const double *)value;
        return (real > by->real) - (real < by->real);
    }
    case KIND_flag: {
        int64_t flag = *(const enum flag *)value;
        return (flag > by->integer) - (flag < by->integer);
    }
    case KIND_integer:
    case KIND_measure:
    case KIND_date:
    case KIND_ref:
    case KIND_interval:
    case KIND_terms:
        break;
    }
    int64_t integer = *(const int64_t *)value;
    return (integer > by->integer) - (integer < by->integer);
}

/* An open end reaches as far as one likes; an interval that is not known at all was left out before. */
static bool interval_holds(const struct filter *by, const struct interval *i)
{
    bool up = !known_integer(i->hi) || i->hi >= by->integer;
    bool down = !known_integer(i->lo) || i->lo <= by->integer;
    return by->comparison == OPERATOR_EQUAL      ? up && down
           : by->comparison == OPERATOR_AT_LEAST ? up
                                                 : by->comparison == OPERATOR_AT_MOST && down;
}

static bool any_holds(const struct filter *by, const int64_t *ids, size_t count)
{
    const bool one = by->comparison == OPERATOR_EQUAL || by->comparison == OPERATOR_HAS_TERM;
    const int64_t *wanted = one ? &by->integer : by->any;
    size_t wanted_count = one ? 1 : by->any_count;
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < wanted_count; k++)
            if (ids[i] == wanted[k])
                return one || by->comparison == OPERATOR_ANY_OF;
    return false;
}

static bool contains(const struct filter *by, const void *value)
{
    ARENA_SCOPE(work);
    enum kind kind = by->field->kind;
    if (kind != KIND_text && kind != KIND_longtext && kind != KIND_choice)
        return false;
    return strstr(fold_text(work, *(const char *const *)value), fold_text(work, by->text)) != NULL;
}

bool filter_holds(const struct filter *by, const void *record)
{
    const void *value = field_in(by->field, record);
    bool known = field_known(by->field, record);
    if (by->comparison == OPERATOR_KNOWN || by->comparison == OPERATOR_UNKNOWN)
        return known == (by->comparison == OPERATOR_KNOWN);
    if (!known)
        return false;
    if (by->comparison == OPERATOR_CONTAINS)
        return contains(by, value);
    if (by->field->kind == KIND_interval)
        return interval_holds(by, value);
    if (by->field->kind == KIND_terms)
        return any_holds(by, ((const struct term_list *)value)->ids,
                         ((const struct term_list *)value)->count);
    if (by->field->kind == KIND_ref && by->comparison == OPERATOR_ANY_OF)
        return any_holds(by, value, 1);
    int order = compared(by, value);
    return by->comparison == OPERATOR_EQUAL      ? order == 0
           : by->comparison == OPERATOR_AT_LEAST ? order >= 0
                                                 : by->comparison == OPERATOR_AT_MOST && order <= 0;
}

/* Orders. */

struct order_key {
    bool known;
    double real; /* numbers, ranks of choices; NULL text */
    int64_t integer, id;
    const char *text;
    const void *record;
    int way; /* -1: descending */
};

static int by_key(const void *a, const void *b)
{
    const struct order_key *x = a, *y = b;
    if (x->known != y->known) /* unknown last both ways */
        return x->known ? -1 : 1;
    int order = x->text && y->text ? strcmp(x->text, y->text) : (x->real > y->real) - (x->real < y->real);
    if (!order)
        order = (x->integer > y->integer) - (x->integer < y->integer);
    if (!order)
        order = (x->id > y->id) - (x->id < y->id);
    return order * x->way;
}

static int64_t rank_of(const struct field *f, const char *code)
{
    int64_t rank = 0;
    while (f->choices[rank].code && strcmp(f->choices[rank].code, code) != 0)
        rank++;
    return rank;
}

static void key_fill(struct arena *a, const struct field *f, const char *name, struct order_key *key)
{
    const void *value = field_in(f, key->record);
    const struct interval *interval = value;
    key->known = f->kind == KIND_ref ? name != NULL : field_known(f, key->record);
    if (!key->known)
        return;
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
        key->text = fold_text(a, *(const char *const *)value);
        break;
    case KIND_ref:
        key->text = fold_text(a, name);
        break;
    case KIND_choice:
        key->integer = rank_of(f, *(const char *const *)value);
        break;
    case KIND_real:
        key->real = *(const double *)value;
        break;
    case KIND_flag:
        key->integer = *(const enum flag *)value;
        break;
    case KIND_interval:
        key->integer = known_integer(interval->lo) ? interval->lo : interval->hi;
        break;
    case KIND_integer:
    case KIND_measure:
    case KIND_date:
        key->integer = *(const int64_t *)value;
        break;
    case KIND_terms: /* no order of theirs is offered */
        break;
    }
}

void records_order(struct arena *a, const struct list_query *q, const char *const *names, void *records,
                   size_t count)
{
    const struct record_type *t = q->type;
    bool newest = !q->sort && t->newest_first;
    const struct field *named = t->name_field && !newest ? field_find(t, t->name_field) : NULL;
    const struct field *f = q->sort ? q->sort : named;
    struct order_key *keys = NEW(a, struct order_key, count + 1);
    char *sorted = arena_alloc(a, count + 1, t->size, alignof(max_align_t));
    for (size_t i = 0; i < count; i++) {
        const struct record_head *head = (const void *)((const char *)records + i * t->size);
        keys[i] = (struct order_key){
            .known = true, .id = head->id, .record = head, .way = q->descending || newest ? -1 : 1};
        if (f)
            key_fill(a, f, names ? names[i] : NULL, &keys[i]);
    }
    if (count)
        qsort(keys, count, sizeof *keys, by_key);
    for (size_t i = 0; i < count; i++)
        memcpy(sorted + i * t->size, keys[i].record, t->size);
    if (count)
        memcpy(records, sorted, count * t->size);
}
