/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "taxonomies/term_rules.h"

#include <string.h>

#include "arena/arena.h"
#include "door/door.h"
#include "i18n/i18n.h"
#include "rows/rows.h"

static const struct sight everything = {.program = "rules"};

static struct fault *all_terms(struct door *d, struct term **terms, size_t *count)
{
    struct list_query query = {.type = &term_type, .limit = LIMIT_EXPORT_ROWS};
    int64_t total = 0;
    return rows_list(door_connection(d), door_arena(d), &query, &everything, (void **)terms, count, &total);
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a ? a : "", b ? b : "") == 0;
}

static struct fault *check_broader(struct door *d, const struct term *t)
{
    struct term broader;
    int64_t at = t->parent;
    for (int depth = 0; at; depth++, at = broader.parent) {
        TRY(rows_load(door_connection(d), door_arena(d), &term_type, at, &everything, &broader));
        if (!same_text(broader.facet, t->facet))
            return fault_in(
                "parent",
                fault(FAULT_INVALID, "The broader term \"%s\" belongs to another facet.", broader.label));
        if (at == t->id)
            return fault_in("parent", fault(FAULT_INVALID, "The broader term is itself below this one."));
        if (depth > 30)
            return fault_in("parent", fault(FAULT_INVALID, "Terms cannot be nested that deep."));
    }
    return NULL;
}

/* Is the code in a list separated by `|`? */
static bool lists_code(const char *list, const char *code)
{
    struct slice rest = slice_of(list), part;
    while (slice_cut(&rest, '|', &part))
        if (slice_equal(slice_trim(part), slice_of(code)))
            return true;
    return false;
}

static struct fault *check_related(const struct term *t, const struct term *all, size_t count)
{
    struct slice rest = slice_of(t->related), part;
    while (slice_cut(&rest, '|', &part)) {
        struct slice code = slice_trim(part);
        bool exists = code.len == 0 || slice_equal(code, slice_of(t->code));
        for (size_t i = 0; i < count && !exists; i++)
            exists = slice_equal(code, slice_of(all[i].code));
        if (!exists)
            return fault_in("related", fault(FAULT_INVALID, "There is no term with the code \"%.*s\".",
                                             SLICE_ARGS(code)));
    }
    return NULL;
}

static struct fault *check_dependants(const struct term *t, const struct term *stored, const struct term *all,
                                      size_t count)
{
    bool moved = !same_text(t->facet, stored->facet), renamed = !same_text(t->code, stored->code);
    for (size_t i = 0; i < count; i++) {
        if (moved && all[i].parent == t->id)
            return fault_in("facet", fault(FAULT_INVALID,
                                           "Narrower terms, such as \"%s\", keep this one in its facet.",
                                           all[i].label));
        if (renamed && all[i].id != t->id && lists_code(all[i].related, stored->code))
            return fault_in(
                "code", fault(FAULT_INVALID, "The term \"%s\" names this one by its code.", all[i].label));
    }
    return NULL;
}

struct fault *term_saving(struct door *d, const void *record, const void *before)
{
    const struct term *t = record, *stored = before;
    struct term *all = NULL;
    size_t count = 0;
    bool new_parent = !stored || t->parent != stored->parent || !same_text(t->facet, stored->facet);
    bool new_related = t->related && (!stored || !same_text(t->related, stored->related));
    bool new_name = stored && (!same_text(t->facet, stored->facet) || !same_text(t->code, stored->code));
    if (new_parent && t->parent)
        TRY(check_broader(d, t));
    if (new_related || new_name)
        TRY(all_terms(d, &all, &count));
    if (new_related)
        TRY(check_related(t, all, count));
    if (new_name)
        TRY(check_dependants(t, stored, all, count));
    return NULL;
}

static struct fault *refused(const struct term *t)
{
    return fault(FAULT_CONFLICT, "\"%s\" is in use: say instead since when it is no longer used.", t->label);
}

/* Does any record list the term in this field? */
static struct fault *check_unused_in(struct door *d, const struct record_type *type, const struct field *f,
                                     const struct term *t)
{
    void *records = NULL;
    size_t count = 0;
    int64_t total = 0;
    struct filter has = {.field = f, .comparison = OPERATOR_HAS_TERM, .integer = t->id};
    struct list_query query = {.type = type, .filters = &has, .filter_count = 1, .limit = 1};
    TRY(rows_list(door_connection(d), door_arena(d), &query, &everything, &records, &count, &total));
    return total ? refused(t) : NULL;
}

struct fault *term_removing(struct door *d, const void *stored)
{
    const struct term *t = stored;
    struct term *all = NULL;
    size_t count = 0;
    TRY(all_terms(d, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].parent == t->id || (all[i].id != t->id && lists_code(all[i].related, t->code)))
            return refused(t);
    for (int k = 0; k < record_type_count; k++)
        for (int f = 0; f < all_record_types[k]->count; f++)
            if (all_record_types[k]->fields[f].kind == KIND_terms)
                TRY(check_unused_in(d, all_record_types[k], &all_record_types[k]->fields[f], t));
    return NULL;
}
