/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_draw.c - values of records as people read them, with names for ids. */
#include "pages/record_draw.h"

#include <stdlib.h>
#include <string.h>

#include "assets.h"
#include "i18n/i18n.h"
#include "pages/names.h"

static int compare_named(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* The ids that one field of one record refers to. */
static size_t referred(const struct field *f, const void *record, const int64_t **ids)
{
    if (f->kind == KIND_ref) {
        *ids = field_in(f, record);
        return **ids != 0;
    }
    if (f->kind != KIND_terms)
        return 0;
    const struct term_list *terms = field_in(f, record);
    *ids = terms->ids;
    return terms->count;
}

/* The type that a field refers to; NULL when it is none. */
static const struct record_type *target_of(const struct field *f)
{
    return f->kind == KIND_terms ? &term_type : f->kind == KIND_ref ? record_type_find(f->to) : NULL;
}

/* Ids that the fields which refer to one type hold, in all records; repeated ones too. */
static size_t collect(struct arena *a, const struct record_type *type, field_mask fields, const void *records,
                      size_t count, const struct record_type *to, int64_t **out)
{
    int64_t *ids = NULL;
    size_t found = 0, capacity = 0;
    for (int f = 0; f < type->count; f++) {
        const struct field *field = &type->fields[f];
        const int64_t *some = NULL;
        if (!(fields >> f & 1) || target_of(field) != to)
            continue;
        for (size_t i = 0; i < count; i++) {
            size_t n = referred(field, (const char *)records + i * type->size, &some);
            for (size_t k = 0; k < n; k++)
                *PUSH(a, ids, found, capacity) = some[k];
        }
    }
    *out = ids;
    return found;
}

static int compare_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static size_t distinct(int64_t *ids, size_t count)
{
    size_t kept = 0;
    if (count)
        qsort(ids, count, sizeof *ids, compare_id);
    for (size_t i = 0; i < count; i++)
        if (!kept || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    return kept;
}

struct fault *names_load(struct door *d, const struct record_type *type, field_mask fields,
                         const void *records, size_t count, struct names **out)
{
    struct arena *a = door_arena(d);
    struct names *names = NEW(a, struct names, 1);
    names->arena = a;
    for (int t = 0; t < record_type_count; t++) {
        int64_t *ids = NULL;
        const char **texts = NULL;
        size_t found = collect(a, type, fields, records, count, all_record_types[t], &ids);
        if (!found)
            continue;
        found = distinct(ids, found);
        TRY(door_names(d, all_record_types[t], ids, found, &texts));
        for (size_t i = 0; i < found; i++)
            *PUSH(a, names->at, names->count, names->capacity) = (struct named){ids[i], texts[i]};
    }
    if (names->count)
        qsort(names->at, names->count, sizeof *names->at, compare_named);
    *out = names;
    return NULL;
}

const char *name_of(const struct names *names, int64_t id)
{
    const struct named key = {.id = id};
    const struct named *found =
        names->count ? bsearch(&key, names->at, names->count, sizeof key, compare_named) : NULL;
    return found ? found->name : NULL;
}

const char *field_text(const struct names *names, const struct field *f, const void *record)
{
    const int64_t *ids = NULL;
    if (f->kind != KIND_ref && f->kind != KIND_terms)
        return value_shown(f, names->arena, record);
    struct buffer *out = buffer_new(names->arena, LIMIT_LONG_TEXT);
    size_t count = referred(f, record, &ids);
    for (size_t i = 0; i < count; i++) {
        const char *name = name_of(names, ids[i]);
        if (!name)
            continue;
        buffer_text(out, out->len ? ", " : "");
        buffer_text(out, name);
    }
    return buffer_string(out);
}

bool field_shown(const struct names *names, const struct field *f, const void *record)
{
    const int64_t *ids = NULL;
    bool named = f->kind != KIND_ref && f->kind != KIND_terms;
    if (!field_known(f, record))
        return false;
    size_t count = referred(f, record, &ids);
    for (size_t i = 0; i < count && !named; i++)
        named = name_of(names, ids[i]) != NULL;
    return named;
}

void visibility_draw(struct html *h, enum visibility level)
{
    static const struct {
        const char *icon, *label;
    } marks[] = {[VISIBILITY_INHERIT] = {"group", N_("Members of the space")},
                 [VISIBILITY_PUBLIC] = {"globe", N_("Everyone")},
                 [VISIBILITY_SPACE] = {"group", N_("Members of the space")},
                 [VISIBILITY_NONCOMPETING] = {"group", N_("Members who are not its competitors")},
                 [VISIBILITY_GRAPPE] = {"layers", N_("Members of the grappe")},
                 [VISIBILITY_CONFIDENTIAL] = {"mask", N_("Your organisation and the facilitators")},
                 [VISIBILITY_PRIVATE] = {"lock", N_("Your organisation alone")}};
    html(h,
         "<span class=\"visibility\"><svg class=\"icon icon-small\" aria-hidden=\"true\"><use "
         "href=\"%s\"/></svg>%s</span>",
         asset_icon(marks[level].icon), tr(marks[level].label));
}
