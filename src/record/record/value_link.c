/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* value_link.c - references to a record, and lists of taxonomy terms; both are ids. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "i18n/i18n.h"
#include "limits/limits.h"
#include "record/kinds.h"
#include "text/buffer.h"

static void ref_clear(void *at)
{
    *(int64_t *)at = 0;
}

static bool ref_known(const void *at)
{
    return *(const int64_t *)at != 0;
}

static struct fault *ref_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    if (plain_integer(typed, at) && *(int64_t *)at > 0)
        return NULL;
    return fault(FAULT_INVALID, "%s: \"%s\" is not an identifier.", tr(f->label), excerpt(a, typed));
}

const struct kind_rules ref_rules = {.name = "ref",
                                     .clear = ref_clear,
                                     .known = ref_known,
                                     .equal = integer_equal,
                                     .parse = ref_parse,
                                     .load = ref_parse,
                                     .shown = integer_plain,
                                     .typed = integer_plain,
                                     .plain = integer_plain};

static void terms_clear(void *at)
{
    *(struct term_list *)at = (struct term_list){NULL, 0};
}

static bool terms_known(const void *at)
{
    return ((const struct term_list *)at)->count > 0;
}

/* As sets. */
static bool terms_equal(const void *a, const void *b)
{
    const struct term_list *x = a, *y = b;
    if (x->count != y->count)
        return false;
    for (size_t i = 0; i < x->count; i++) {
        bool found = y->ids[i] == x->ids[i]; /* nearly always: lists are kept in order */
        for (size_t j = 0; !found && j < y->count; j++)
            found = y->ids[j] == x->ids[i];
        if (!found)
            return false;
    }
    return true;
}

static int by_id(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* Ids separated by spaces, commas or semicolons; kept in order, each once. */
static struct fault *terms_parse(const struct field *f, struct arena *a, struct slice typed, void *at)
{
    struct term_list *list = at;
    size_t capacity = 0, kept = 0;
    for (size_t start = 0; start < typed.len;) {
        size_t end = start;
        while (end < typed.len && !(typed.ptr[end] && strchr(" ,;\n\t", typed.ptr[end])))
            end++;
        struct slice part = {typed.ptr + start, end - start};
        int64_t id;
        start = end + 1;
        if (!part.len)
            continue;
        if (!plain_integer(part, &id) || id <= 0)
            return fault(FAULT_INVALID, "%s: \"%s\" is not an identifier.", tr(f->label), excerpt(a, part));
        if (list->count == LIMIT_TERMS)
            return fault(FAULT_LIMIT, "%s: at most %d terms.", tr(f->label), LIMIT_TERMS);
        *PUSH(a, list->ids, list->count, capacity) = id;
    }
    if (list->count)
        qsort(list->ids, list->count, sizeof *list->ids, by_id);
    for (size_t i = 0; i < list->count; i++)
        if (i == 0 || list->ids[i] != list->ids[i - 1])
            list->ids[kept++] = list->ids[i];
    list->count = kept;
    return NULL;
}

static char *terms_plain(const struct field *f, struct arena *a, const void *at)
{
    (void)f;
    const struct term_list *list = at;
    char *out = NEW(a, char, list->count * 21 + 1), *p = out;
    for (size_t i = 0; i < list->count; i++)
        p += snprintf(p, 22, i ? " %" PRId64 : "%" PRId64, list->ids[i]);
    return out;
}

static struct fault *terms_check(const struct field *f, const void *at)
{
    const struct term_list *list = at;
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] <= 0)
            return fault(FAULT_INVALID, "%s: \"%lld\" is not an identifier.", tr(f->label),
                         (long long)list->ids[i]);
    if (list->count > LIMIT_TERMS)
        return fault(FAULT_LIMIT, "%s: at most %d terms.", tr(f->label), LIMIT_TERMS);
    return NULL;
}

const struct kind_rules terms_rules = {.name = "terms",
                                       .clear = terms_clear,
                                       .known = terms_known,
                                       .equal = terms_equal,
                                       .parse = terms_parse,
                                       .load = terms_parse,
                                       .check = terms_check,
                                       .shown = terms_plain,
                                       .typed = terms_plain,
                                       .plain = terms_plain};
