/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "api/record_body.h"

#include "i18n/i18n.h"

void record_put(struct json *j, struct arena *a, const struct record_type *type, const void *record,
                field_mask fields)
{
    const struct record_head *head = record;
    json_begin_object(j);
    if (head->id) {
        json_put_key(j, "id");
        json_put_id(j, head->id);
        json_put_key(j, "version");
        json_put_integer(j, head->version ? head->version : UNKNOWN_INTEGER); /* none: of the past */
    }
    for (int i = 0; i < type->count; i++)
        if (fields >> i & 1) {
            json_put_key(j, type->fields[i].name);
            api_value_put(j, a, &type->fields[i], record);
        }
    json_end(j);
}

/* One member of the object. What is not open may be sent back as it was read. */
static struct fault *take_field(struct request *r, const struct record_type *type, const struct field *f,
                                const json_t *value, bool open, void *record, struct api_errors *errors)
{
    struct door *d = door_of(r);
    void *before = record_new(r->arena, type);
    memcpy(before, record, type->size);
    struct fault *wrong = api_value_take(d, f, value, record);
    if (wrong && wrong->code != FAULT_INVALID && wrong->code != FAULT_LIMIT)
        return wrong;
    bool closed = !open || !field_writable(type, f, before, door_viewer(d));
    if (wrong)
        api_error_fault(r, errors, wrong);
    else if (closed && !field_equal(f, before, record))
        api_error_add(r, errors, f->name,
                      arena_print(r->arena, tr("%s: this is not yours to change."), tr(f->label)));
    return NULL;
}

static bool passed_over(const char *name)
{
    return strcmp(name, "id") == 0 || strcmp(name, "version") == 0;
}

struct fault *record_take(struct request *r, const struct record_type *type, const json_t *body,
                          field_mask open, void *record, field_mask *given, struct api_errors *errors)
{
    *given = 0;
    for (void *at = json_object_iter((json_t *)(uintptr_t)body); at;
         at = json_object_iter_next((json_t *)(uintptr_t)body, at)) {
        const char *name = json_object_iter_key(at);
        const struct field *f = field_find(type, name);
        if (!f && !passed_over(name))
            api_error_add(r, errors, name, tr("There is no such field."));
        if (!f)
            continue;
        field_mask bit = (field_mask)1 << (f - type->fields);
        *given |= bit;
        TRY(take_field(r, type, f, json_object_iter_value(at), (open & bit) != 0, record, errors));
    }
    return NULL;
}

void record_missing(struct request *r, const struct record_type *type, const void *record,
                    struct api_errors *errors)
{
    for (int i = 0; i < type->count; i++) {
        const struct field *f = &type->fields[i];
        if (f->required && !f->author && !field_known(f, record)) /* the author the door knows */
            api_error_add(r, errors, f->name, arena_print(r->arena, tr("%s: this is needed."), tr(f->label)));
    }
}
