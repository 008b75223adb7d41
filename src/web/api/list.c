/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/list.h"

#include "api/value.h"
#include "clock/clock.h"

/* Does a parameter say something else than which values are wanted? `own`: what only this operation asks. */
static bool reserved(const char *name, const char *const *own)
{
    static const char *const common[] = {"sort", "fields", "as_of", NULL};
    const char *const *const all[] = {common, own};
    for (size_t i = 0; i < COUNT(all); i++)
        for (const char *const *one = all[i]; *one; one++)
            if (strcmp(name, *one) == 0)
                return true;
    return false;
}

/* Every other parameter names a field to filter by: "name", "size.min", "siren.known". */
static void read_filters(const struct request *r, const char *const *own, struct list_request *asked)
{
    struct list_filter *filters = NEW(r->arena, struct list_filter, r->query.count + 1);
    for (size_t i = 0; i < r->query.count; i++) {
        const struct param *p = &r->query.at[i];
        const struct field *f = field_find(asked->type, arena_text(r->arena, p->name, strcspn(p->name, ".")));
        if (!reserved(p->name, own) && *p->value)
            filters[asked->filter_count++] =
                (struct list_filter){p->name, f ? api_value_plain(r->arena, f, p->value) : p->value};
    }
    asked->filters = filters;
}

/* "name,siren": all fields when it is not asked for. */
struct fault *list_ask_fields(const struct request *r, const struct record_type *type, field_mask *fields)
{
    struct slice rest = slice_of(param_text(&r->query, "fields")), one;
    *fields = rest.len ? 0 : ALL_FIELDS;
    while (rest.len && slice_cut(&rest, ',', &one)) {
        const char *name = slice_text(r->arena, slice_trim(one));
        const struct field *f = field_find(type, name);
        if (!f)
            return fault_in("fields", fault(FAULT_INVALID, "There is no field \"%.60s\".", name));
        *fields |= (field_mask)1 << (f - type->fields);
    }
    return NULL;
}

/* The whole of a day of the past; 0: now. */
struct fault *list_ask_day(const struct request *r, int64_t *at_us)
{
    const char *text = param(&r->query, "as_of");
    int64_t day = 0;
    *at_us = 0;
    if (!text)
        return NULL;
    if (!day_parse(slice_of(text), &day))
        return fault_in("as_of", fault(FAULT_INVALID, "\"%.40s\" is no day: 2026-06-30 is expected.", text));
    *at_us = day_start_us(day + 1);
    return NULL;
}

struct fault *list_ask(const struct request *r, const struct record_type *type, const char *const *own,
                       struct list_request *asked, field_mask *fields)
{
    *asked = (struct list_request){.type = type, .plain = true, .sort = param(&r->query, "sort")};
    read_filters(r, own, asked);
    TRY(list_ask_fields(r, type, fields));
    asked->skip = ~*fields;
    return list_ask_day(r, &asked->as_of);
}
