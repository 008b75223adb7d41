/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* record_pages.c - list, page, form and removal of any record type, from its description. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "templates.h"

/* The type named in the path, which the visitor's roles may read. */
static struct fault *type_of(const struct request *r, const struct record_type **type)
{
    *type = record_type_find(request_part(r, "type"));
    if (*type && ((*type)->readers & r->visitor.roles))
        return NULL;
    return fault(FAULT_NOT_FOUND, "There is nothing here.");
}

static char *list_url(struct arena *a, const struct record_type *type)
{
    return arena_print(a, "/fiches/%s", type->name);
}

static const char *heading_of(struct arena *a, const struct record_type *type, const struct names *names,
                              const void *record)
{
    const struct field *f = type->name_field ? field_find(type, type->name_field) : NULL;
    const char *name = f ? field_text(names, f, record) : "";
    return *name ? name : arena_print(a, "%s", tr(type->title));
}

struct fault *as_of_of(const struct request *r, struct as_of *out)
{
    const char *typed = param(&r->query, "le");
    *out = (struct as_of){.typed = typed};
    if (!typed || !*typed)
        return NULL;
    if (!day_parse(slice_of(typed), &out->day))
        return fault_in("le", fault(FAULT_INVALID, "\"%.40s\" is no day: 2026-06-30 is expected.", typed));
    out->at_us = day_start_us(out->day + 1);
    out->sentence = arena_print(r->arena, tr("As it stood on %s"), day_in_words(r->arena, out->day, false));
    out->now_href = url_with(r->arena, r->target, "le", NULL);
    return NULL;
}

char *record_url_as_of(struct arena *a, const struct record_type *type, int64_t id, const struct as_of *as_of)
{
    if (!as_of->at_us)
        return record_url(a, type, id);
    return arena_print(a, "/fiches/%s/%lld%s%s", type->name, (long long)id, as_of->typed ? "?le=" : "",
                       as_of->typed ? as_of->typed : "");
}

/* As it was: nothing to do with it but read. */
static struct fault *record_show_past(struct request *r, struct response *answer, struct record_page_view *v)
{
    struct door *d = door_of(r);
    void *record = record_new(r->arena, v->type);
    struct names *names = NULL;
    TRY(door_load_as_of(d, v->type, request_id(r, "id"), v->as_of.at_us, record, &v->shown));
    TRY(names_load(d, v->type, ALL_FIELDS, record, 1, &names));
    v->record = record;
    v->names = names;
    v->heading = heading_of(r->arena, v->type, names, record);
    v->level = record_level(v->type, record);
    v->list_href = url_with(r->arena, list_url(r->arena, v->type), "le", v->as_of.typed);
    v->frame = frame_of(r, answer, v->heading, NULL);
    record_page(answer->html, v);
    return NULL;
}

static struct fault *record_show(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    struct door *d = door_of(r);
    void *record = record_new(r->arena, type);
    struct record_page_view v = {.type = type, .record = record};
    struct names *names = NULL;
    struct history_line *history = NULL;
    TRY(as_of_of(r, &v.as_of));
    if (v.as_of.at_us)
        return record_show_past(r, answer, &v);
    TRY(door_load_any(d, type, request_id(r, "id"), record, &v.shown));
    TRY(names_load(d, type, ALL_FIELDS, record, 1, &names));
    if (viewer_signed_in(door_viewer(d)))
        TRY(door_history(d, type, request_id(r, "id"), &history, &v.history_count));
    v.history = history;
    v.names = names;
    v.heading = heading_of(r->arena, type, names, record);
    v.level = record_level(type, record);
    v.version = ((struct record_head *)record)->version;
    v.list_href = list_url(r->arena, type);
    v.past_href = record_url_as_of(r->arena, type, request_id(r, "id"), &(struct as_of){.at_us = 1});
    v.readings_href = readings_url(r, type, record);
    int64_t owner = record_owner(type, record);
    if (owner && strcmp(type->owner, "id") != 0) {
        v.owner_href = record_url(r->arena, &organisation_type, owner);
        v.owner_name = field_text(names, field_find(type, type->owner), record);
    }
    if (door_may_write(d, type, record)) {
        char *base = arena_print(r->arena, "/fiches/%s/%lld", type->name, (long long)request_id(r, "id"));
        v.edit_href = arena_print(r->arena, "%s/modifier", base);
        v.delete_href = arena_print(r->arena, "%s/retirer", base);
    }
    if (type == &offer_type && v.edit_href)
        TRY(needs_met_by(d, record, &v.needs, &v.need_count));
    TRY(attached_load(r, type, request_id(r, "id"), &v.attached));
    v.frame = frame_of(r, answer, v.heading, NULL);
    record_page(answer->html, &v);
    return NULL;
}

/* Whoever writes a person or a mandate gives rights, or takes them. */
static struct fault *proof_check_type(const struct request *r, const struct record_type *type)
{
    return type == &person_type || type == &mandate_type ? proof_check(r) : NULL;
}

static struct fault *draw_edit(struct request *r, struct response *answer, struct record_edit_view *v)
{
    const struct record_head *head = v->record;
    v->version = head->version;
    v->viewer = door_viewer(door_of(r));
    v->heading = head->id ? arena_print(r->arena, "%s%s%s", tr(v->type->title), tr(": "), tr("change"))
                          : arena_print(r->arena, "%s%s%s", tr(v->type->title), tr(": "), tr("add"));
    v->action = head->id
                    ? arena_print(r->arena, "/fiches/%s/%lld/modifier", v->type->name, (long long)head->id)
                    : arena_print(r->arena, "/fiches/%s/nouvelle", v->type->name);
    v->cancel_href = head->id ? record_url(r->arena, v->type, head->id) : list_url(r->arena, v->type);
    v->frame = frame_of(r, answer, v->heading, NULL);
    v->frame.narrow = true;
    record_edit_page(answer->html, v);
    return NULL;
}

/* The owner may come in the address: a new know-how of this organisation. */
static void preset_owner(const struct request *r, const struct record_type *type, void *record)
{
    const char *owner = param(&r->query, "structure");
    const struct viewer *viewer = door_viewer(door_of(r));
    if (!type->owner || strcmp(type->owner, "id") == 0)
        return;
    int64_t *field = field_at(field_find(type, type->owner), record);
    *field = owner ? strtoll(owner, NULL, 10) : viewer->count ? viewer->organisations[0] : 0;
}

/* Any field may come in the address of a new record's form ("?facet=process&parent=12"); what cannot be read
 * is left empty, and whoever saves is asked as always. */
static void preset_fields(const struct request *r, const struct record_type *type, void *record)
{
    for (int i = 0; i < type->count; i++) {
        const char *text = param(&r->query, type->fields[i].name);
        const struct record_type one = {.fields = &type->fields[i], .count = 1};
        if (text && value_parse(&type->fields[i], r->arena, slice_of(text), record) != NULL)
            record_clear(&one, record);
    }
}

static field_mask mask_for(const struct door *d, const struct record_type *type, const void *record)
{
    field_mask shown = 0;
    for (int i = 0; i < type->count; i++)
        if (!((const struct record_head *)record)->id || door_field_shown(d, type, &type->fields[i], record))
            shown |= (field_mask)1 << i;
    return shown;
}

static struct fault *record_create_form(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    if (!door_may_create(door_of(r), type))
        return fault(FAULT_DENIED, "You may not add this: %s.", tr(type->title));
    TRY(proof_check_type(r, type));
    void *record = record_new(r->arena, type);
    preset_owner(r, type, record);
    record_start(type, record);
    preset_fields(r, type, record);
    TRY(hanging_keep_seen(r, type, record));
    struct form_options *options = NULL;
    struct form_state state = {0};
    TRY(form_options_load(door_of(r), type, &options));
    struct record_edit_view v = {.type = type, .record = record, .state = &state, .options = options};
    v.shown = mask_for(door_of(r), type, record);
    return draw_edit(r, answer, &v);
}

static struct fault *record_edit_form(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    struct form_options *options = NULL;
    struct form_state state = {0};
    struct record_edit_view v = {.type = type, .record = record, .state = &state};
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, &v.shown));
    if (!door_may_write(door_of(r), type, record))
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(type->title));
    TRY(proof_check_type(r, type));
    TRY(form_options_load(door_of(r), type, &options));
    v.options = options;
    return draw_edit(r, answer, &v);
}

/* The page where one meets the record: of what it hangs on, else of whose it is; NULL: it has its own alone. */
static const char *url_above(const struct request *r, const struct record_type *type, const void *record)
{
    const struct field *by = record_hangs_by(type, record);
    int64_t owner = record_owner(type, record);
    if (by)
        return record_url(r->arena, record_type_find(by->to), *(const int64_t *)field_in(by, record));
    return owner && strcmp(type->owner, "id") != 0 ? record_url(r->arena, &organisation_type, owner) : NULL;
}

/* The form comes back with what was typed and every fault, or the record is saved. */
static struct fault *save_posted(struct request *r, struct response *answer, const struct record_type *type,
                                 void *record, field_mask shown)
{
    struct form_options *options = NULL;
    struct form_state state = {0};
    bool added = ((struct record_head *)record)->id == 0;
    TRY(form_options_load(door_of(r), type, &options));
    form_read(r->arena, type, shown, options, &r->form, record, &state);
    if (!state.fault_count) {
        TRY(proof_check_type(r, type));
        struct fault *failed = door_save_any(door_of(r), type, record, shown);
        if (!failed) {
            TRY(accounts_follow(house_of(r), space_of(r), type, record, false));
            flash_set(answer, added ? "created" : "saved", NULL);
            const char *above = url_above(r, type, record);
            response_redirect(answer, above && type != &need_type
                                          ? above
                                          : record_url(r->arena, type, ((struct record_head *)record)->id));
            return NULL;
        }
        if (failed->code != FAULT_INVALID && failed->code != FAULT_CONFLICT)
            return failed;
        state.faults[state.fault_count++] =
            (struct form_fault){field_find(type, failed->field), arena_print(r->arena, "%s", failed->text)};
    }
    answer->status = 422;
    TRY(hanging_keep_seen(r, type, record));
    struct record_edit_view v = {
        .type = type, .record = record, .shown = shown, .state = &state, .options = options};
    return draw_edit(r, answer, &v);
}

static struct fault *record_create(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    record_start(type, record);
    return save_posted(r, answer, type, record, mask_for(door_of(r), type, record));
}

static struct fault *record_save(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    void *record = record_new(r->arena, type);
    field_mask shown = 0;
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record, &shown));
    const char *version = param(&r->form, "version");
    if (version)
        ((struct record_head *)record)->version = strtoll(version, NULL, 10);
    return save_posted(r, answer, type, record, shown);
}

static struct fault *record_remove(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    int64_t id = request_id(r, "id");
    void *record = record_new(r->arena, type);
    TRY(door_load_any(door_of(r), type, id, record, NULL));
    TRY(proof_check_type(r, type));
    TRY(door_delete(door_of(r), type, id, strtoll(param_text(&r->form, "version"), NULL, 10)));
    TRY(accounts_follow(house_of(r), space_of(r), type, record, true));
    flash_set(answer, "deleted",
              arena_print(r->arena, "/fiches/%s/%lld/retablir", type->name, (long long)id));
    const char *above = url_above(r, type, record);
    response_redirect(answer, above ? above : list_url(r->arena, type));
    return NULL;
}

static struct fault *record_bring_back(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    TRY(proof_check_type(r, type));
    TRY(door_restore(door_of(r), type, request_id(r, "id")));
    flash_set(answer, "restored", NULL);
    response_redirect(answer, record_url(r->arena, type, request_id(r, "id")));
    return NULL;
}

static struct fault *add_type_line(struct request *r, const struct record_type *type,
                                   struct record_types_view *v, struct record_type_line *lines)
{
    struct list_request asked = {.type = type, .per_page = 1};
    struct list_page page;
    TRY(door_list(door_of(r), &asked, &page));
    lines[v->count++] = (struct record_type_line){list_url(r->arena, type), tr(type->plural),
                                                  type->purpose ? tr(type->purpose) : "", page.total};
    return NULL;
}

/* First what is about firms and people, then what serves all. */
static struct fault *types_show(struct request *r, struct response *answer)
{
    struct record_type_line *lines = NEW(r->arena, struct record_type_line, record_type_count);
    struct record_types_view v = {.lines = lines};
    for (int about = 1; about >= 0; about--)
        for (int i = 0; i < record_type_count; i++) {
            const struct record_type *type = all_record_types[i];
            if ((type->owner || type->basis) == about && type->readers & r->visitor.roles)
                TRY(add_type_line(r, type, &v, lines));
        }
    v.frame = frame_of(r, answer, tr("All records"), "/fiches");
    record_types_page(answer->html, &v);
    return NULL;
}

static struct fault *record_list(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    TRY(type_of(r, &type));
    return record_list_draw(r, answer, type);
}

const struct route record_routes[] = {
    {"GET", "/fiches", types_show, .right = ROLES_SIGNED_IN, .summary = N_("Kinds of records")},
    {"GET", "/fiches/{type}", record_list, .right = ROLES_ANYONE, .slow = "format le", .version = page_version,
     .summary = N_("Records of a kind: sorted, filtered, as a page, CSV or workbook")},
    {"GET", "/fiches/{type}/nouvelle", record_create_form, .right = ROLES_SIGNED_IN,
     .summary = N_("Form for a new record")},
    {"POST", "/fiches/{type}/nouvelle", record_create, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Add a record")},
    {"GET", "/fiches/{type}/{id}", record_show, .right = ROLES_ANYONE, .quick = true,
     .summary = N_("One record")},
    {"GET", "/fiches/{type}/{id}/modifier", record_edit_form, .right = ROLES_SIGNED_IN,
     .summary = N_("Form to change a record")},
    {"POST", "/fiches/{type}/{id}/modifier", record_save, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Change a record")},
    {"POST", "/fiches/{type}/{id}/retirer", record_remove, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Remove a record")},
    {"POST", "/fiches/{type}/{id}/retablir", record_bring_back, .right = ROLES_SIGNED_IN, .writes = true,
     .summary = N_("Bring a removed record back")},
};
const size_t record_route_count = COUNT(record_routes);
