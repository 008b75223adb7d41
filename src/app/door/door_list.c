/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_list.c - lists as the URL asks for them, and what may order or filter them. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "door/internal.h"

/* "size.max" → field size, *part "max". An absent and a hidden field are told alike. */
static struct fault *listable_field(const struct door *d, const struct record_type *type, const char *asked,
                                    const struct field **field, const char **part)
{
    const char *dot = strchr(asked, '.');
    char *name = arena_text(d->arena, asked, dot ? (size_t)(dot - asked) : strlen(asked));
    *part = dot ? dot + 1 : "";
    *field = field_find(type, name);
    if (!*field || !(d->viewer.program || field_listable(*field, &d->viewer)))
        return fault_in(name,
                        fault(FAULT_INVALID, "This list cannot be ordered or filtered by \"%s\".", name));
    return NULL;
}

typedef struct fault *value_reader(const struct field *, struct arena *, struct slice, void *record);

/* As stored, and one of the values that the field may have. */
static struct fault *plain_reader(const struct field *f, struct arena *a, struct slice plain, void *record)
{
    const struct record_type one = {.fields = f, .count = 1};
    TRY(value_load(f, a, plain, record));
    return record_check(&one, record);
}

/* The value a filter compares with, read as the field itself reads it. */
static struct fault *filter_value(struct door *d, const struct record_type *type, const struct field *f,
                                  const char *text, value_reader *read, struct filter *out)
{
    void *scratch = arena_alloc(d->arena, 1, type->size, alignof(max_align_t));
    const struct field plain = {.name = f->name,
                                .kind = f->kind,
                                .offset = f->offset,
                                .label = f->label,
                                .unit = f->unit,
                                .choices = f->choices,
                                .to = f->to};
    record_clear(type, scratch);
    TRY(read(&plain, d->arena, slice_of(text), scratch));
    const void *value = field_in(f, scratch);
    switch (f->kind) {
    case KIND_text:
    case KIND_longtext:
    case KIND_choice:
        out->text = *(const char *const *)value;
        break;
    case KIND_integer:
    case KIND_measure:
    case KIND_date:
    case KIND_ref:
        out->integer = *(const int64_t *)value;
        break;
    case KIND_real:
        out->real = *(const double *)value;
        break;
    case KIND_interval:
        out->integer = ((const struct interval *)value)->lo;
        break;
    case KIND_flag:
        out->integer = *(const enum flag *)value;
        break;
    case KIND_terms: {
        const struct term_list *terms = value;
        out->comparison = OPERATOR_ANY_OF;
        out->any = terms->ids;
        out->any_count = terms->count;
        break;
    }
    }
    return NULL;
}

static struct fault *filter_of(struct door *d, const struct record_type *type,
                               const struct list_filter *asked, value_reader *read, struct filter *out)
{
    const char *part = "";
    TRY(listable_field(d, type, asked->field, &out->field, &part));
    static const struct {
        const char *part;
        enum comparison comparison;
    } parts[] = {{"min", OPERATOR_AT_LEAST},
                 {"max", OPERATOR_AT_MOST},
                 {"known", OPERATOR_KNOWN},
                 {"unknown", OPERATOR_UNKNOWN},
                 {"is", OPERATOR_EQUAL}};
    bool textual = out->field->kind == KIND_text || out->field->kind == KIND_longtext;
    out->comparison = textual ? OPERATOR_CONTAINS : OPERATOR_EQUAL;
    for (size_t i = 0; i < COUNT(parts); i++)
        if (strcmp(part, parts[i].part) == 0)
            out->comparison = parts[i].comparison;
    if (out->comparison == OPERATOR_KNOWN || out->comparison == OPERATOR_UNKNOWN)
        return NULL;
    return filter_value(d, type, out->field, asked->text, read, out);
}

static field_mask bit_of(const struct record_type *type, const char *name)
{
    const struct field *f = name ? field_find(type, name) : NULL;
    return f ? (field_mask)1 << (f - type->fields) : 0;
}

/* Owner and level decide what may be seen of a record: they are always read. */
static field_mask skippable(const struct record_type *type, field_mask skip)
{
    return skip & ~(bit_of(type, type->owner) | bit_of(type, type->visibility_field));
}

struct fault *door_list(struct door *d, const struct list_request *asked, struct list_page *out)
{
    struct filter *filters = NEW(d->arena, struct filter, asked->filter_count + 1);
    struct list_query query = {
        .type = asked->type, .filters = filters, .skip = skippable(asked->type, asked->skip)};
    for (size_t i = 0; i < asked->filter_count; i++)
        if (asked->filters[i].text && *asked->filters[i].text)
            TRY(filter_of(d, asked->type, &asked->filters[i], asked->plain ? plain_reader : value_parse,
                          &filters[query.filter_count++]));
    if (asked->owner && asked->type->owner)
        filters[query.filter_count++] = (struct filter){.field = field_find(asked->type, asked->type->owner),
                                                        .comparison = OPERATOR_EQUAL,
                                                        .integer = asked->owner};
    if (asked->sort && *asked->sort) {
        const char *part = "";
        query.descending = *asked->sort == '-';
        TRY(listable_field(d, asked->type, asked->sort + query.descending, &query.sort, &part));
    }
    int64_t most = asked->per_page > 0 ? asked->per_page : 50, page = asked->page > 0 ? asked->page : 1;
    query.limit = most < LIMIT_EXPORT_ROWS ? most : LIMIT_EXPORT_ROWS;
    if (!multiply_fits(page - 1, query.limit, &query.offset) ||
        !add_fits(query.offset, asked->offset, &query.offset))
        return fault_in("page", fault(FAULT_INVALID, "There is no such page."));
    *out = (struct list_page){.page = page, .per_page = query.limit, .before = query.offset};
    if (asked->as_of)
        return list_as_of(d, &query, asked->as_of, asked->behind, out);
    struct sight sight = door_sight(d);
    TRY(rows_list(door_connection(d), d->arena, &query, &sight, &out->records, &out->count, &out->total));
    out->shown = NEW(d->arena, field_mask, out->count + 1);
    for (size_t i = 0; i < out->count; i++) {
        void *record = (char *)out->records + i * asked->type->size;
        out->shown[i] = door_mask(d, asked->type, record);
        TRY(asked->opens ? note_reading(d, asked->type, record) : door_note_listed(d, asked->type, record));
    }
    return hide_references(d, asked->type, out->records, out->count);
}

struct fault *door_list_of(struct door *d, const struct record_type *type, const char *field, int64_t id,
                           struct list_page *out)
{
    const struct list_filter of = {field, arena_print(d->arena, "%lld", (long long)id)};
    return door_list(d,
                     &(struct list_request){.type = type,
                                            .filters = &of,
                                            .filter_count = 1,
                                            .plain = true,
                                            .per_page = LIMIT_LIST_ROWS},
                     out);
}

struct fault *door_all(struct door *d, const struct record_type *type, void **records, size_t *count)
{
    struct sight sight = door_sight(d);
    struct list_query query = {.type = type, .limit = LIMIT_EXPORT_ROWS};
    int64_t total = 0;
    TRY(rows_list(door_connection(d), door_arena(d), &query, &sight, records, count, &total));
    if ((int64_t)*count < total)
        return fault(FAULT_LIMIT, "This space has more than %d records of one kind.", LIMIT_EXPORT_ROWS);
    for (size_t i = 0; i < *count; i++) {
        void *record = (char *)*records + i * type->size;
        for (int f = 0; f < type->count; f++)
            if (!door_field_shown(d, type, &type->fields[f], record)) {
                const struct record_type one = {.fields = &type->fields[f], .count = 1};
                record_clear(&one, record);
            }
    }
    return NULL;
}
