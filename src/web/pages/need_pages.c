/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* need_pages.c - a need: typed, read into chips, corrected, and who can do it. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/need_view.h"
#include "templates.h"

enum { MOST_SHOWN = 10 };

static struct fault *needs_list(struct request *r, struct response *answer)
{
    struct list_filter filter = {"state", param(&r->query, "etat")};
    struct list_request asked = {.type = &need_type,
                                 .filters = &filter,
                                 .filter_count = filter.text != NULL,
                                 .page = strtoll(param_text(&r->query, "page"), NULL, 10)};
    struct list_page page;
    struct names *names = NULL;
    TRY(door_list(door_of(r), &asked, &page));
    TRY(names_load(door_of(r), &need_type, ALL_FIELDS, page.records, page.count, &names));
    struct need_line *lines = NEW(r->arena, struct need_line, page.count + 1);
    const struct need *needs = page.records;
    for (size_t i = 0; i < page.count; i++)
        lines[i] =
            (struct need_line){.href = record_url(r->arena, &need_type, needs[i].id),
                               .title = needs[i].title,
                               .owner = field_text(names, field_find(&need_type, "organisation"), &needs[i]),
                               .state = field_text(names, field_find(&need_type, "state"), &needs[i]),
                               .detail = field_text(names, field_find(&need_type, "processes"), &needs[i]),
                               .level = visibility_of_code(needs[i].visibility)};
    struct needs_view v = {
        .lines = lines, .count = page.count, .pager = pager_of(r->arena, r->target, &page)};
    v.frame = frame_of(r, answer, tr("Needs"), "/besoins");
    needs_page(answer->html, &v);
    return NULL;
}

/* For whom the visitor may ask: one's own organisations; every one for a facilitator. */
static struct fault *owners_of(struct request *r, int64_t chosen, const struct owner_option **out,
                               size_t *count)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    struct owner_option *owners = NULL;
    if (need_type.writers & viewer->roles) {
        struct list_request asked = {.type = &organisation_type, .per_page = LIMIT_EXPORT_ROWS};
        struct list_page page;
        TRY(door_list(door_of(r), &asked, &page));
        const struct organisation *all = page.records;
        owners = NEW(r->arena, struct owner_option, page.count + 1);
        for (size_t i = 0; i < page.count; i++)
            owners[(*count)++] = (struct owner_option){all[i].id, all[i].name, all[i].id == chosen};
    } else {
        const char **names = NULL;
        TRY(door_names(door_of(r), &organisation_type, viewer->organisations, viewer->count, &names));
        owners = NEW(r->arena, struct owner_option, viewer->count + 1);
        for (size_t i = 0; i < viewer->count; i++)
            owners[(*count)++] =
                (struct owner_option){viewer->organisations[i], names[i], viewer->organisations[i] == chosen};
    }
    *out = owners;
    return NULL;
}

static struct fault *draw_form(struct request *r, struct response *answer, const char *text, int64_t owner,
                               const char *error)
{
    struct need_form_view v = {.text = text, .error = error};
    TRY(owners_of(r, owner, &v.owners, &v.owner_count));
    if (!v.owner_count)
        return fault(FAULT_DENIED,
                     "You speak for no organisation of this space: ask the facilitators for a mandate.");
    v.frame = frame_of(r, answer, tr("A new need"), "/besoins");
    v.frame.narrow = true;
    need_form_page(answer->html, &v);
    return NULL;
}

static struct fault *need_form(struct request *r, struct response *answer)
{
    return draw_form(r, answer, NULL, strtoll(param_text(&r->query, "structure"), NULL, 10), NULL);
}

static struct fault *need_create(struct request *r, struct response *answer)
{
    struct need need;
    record_clear(&need_type, &need);
    need.text = param_text(&r->form, "text");
    need.organisation = strtoll(param_text(&r->form, "organisation"), NULL, 10);
    need.state = "draft";
    need.visibility = visibility_code(VISIBILITY_CONFIDENTIAL);
    struct fault *failed = needs_fill(door_of(r), &need);
    if (!failed)
        failed = door_save(door_of(r), need, &need, ALL_FIELDS);
    if (failed && failed->code == FAULT_INVALID) {
        const char *error = arena_print(r->arena, "%s", failed->text);
        answer->status = 422;
        return draw_form(r, answer, need.text, need.organisation, error);
    }
    TRY(failed);
    response_redirect(answer, record_url(r->arena, &need_type, need.id));
    return NULL;
}

/* "w_process=30&w_material=0": shares in percent; absent ones stay as they are. */
static size_t asked_weights(const struct request *r, struct need_weight *weights)
{
    size_t count = 0;
    for (size_t i = 0; i < r->query.count; i++) {
        double value;
        if (strncmp(r->query.at[i].name, "w_", 2) == 0 && real_parse(slice_of(r->query.at[i].value), &value))
            weights[count++] = (struct need_weight){r->query.at[i].name + 2, value / 100};
    }
    return count;
}

/* A title that was made of the text's beginning need not stand above it. */
static bool begins_with_title(const struct need *need)
{
    size_t length = need->title ? strlen(need->title) : 0, mark = strlen("…");
    if (length > mark && strcmp(need->title + length - mark, "…") == 0)
        length -= mark;
    return length && need->text && strncmp(need->text, need->title, length) == 0;
}

static const char *reweighed_text(struct arena *a, const struct need_matches *m)
{
    if (!m->reweighed || !m->count)
        return NULL;
    if (!m->moved_count)
        return tr("In the order of your weights: it is the usual one, nobody has moved.");
    return arena_print(a,
                       tr_plural((int64_t)m->moved_count,
                                 "In the order of your weights: %s organisation has moved.",
                                 "In the order of your weights: %s organisations have moved."),
                       integer_print(a, (int64_t)m->moved_count));
}

/* What was typed stays where it was typed: in the form of a chip, else in the one that adds a fact. */
static void keep_refused(struct request *r, struct need_view *v, const char *error)
{
    int64_t term = strtoll(param_text(&r->form, "term"), NULL, 10);
    v->error = error;
    v->error_at = "add-value";
    v->refused_key = param_text(&r->form, "key");
    v->refused_value = param_text(&r->form, "value");
    for (size_t i = 0; i < v->reading->chip_count; i++) {
        const struct chip *c = &v->reading->chips[i];
        if (c->state == CHIP_PROBLEM || c->term != term || strcmp(c->key, v->refused_key) != 0)
            continue;
        v->refused_chip = c;
        v->error_at = arena_print(r->arena, "chip-%s-%lld", c->key, (long long)term);
    }
}

static struct fault *draw_need(struct request *r, struct response *answer, const struct need *need,
                               const char *error)
{
    struct door *d = door_of(r);
    struct need_reading *reading = NEW(r->arena, struct need_reading, 1);
    struct need_matches *matches = NEW(r->arena, struct need_matches, 1);
    struct need_weight *weights = NEW(r->arena, struct need_weight, r->query.count + 1);
    struct names *names = NULL;
    struct form_options *options = NULL;
    TRY(needs_read(d, need, reading));
    TRY(needs_match(d, need, weights, asked_weights(r, weights), LIMIT_MATCHES, matches));
    TRY(names_load(d, &need_type, ALL_FIELDS, need, 1, &names));
    struct need_view v = {
        .title = need->title, .version = need->version, .reading = reading, .matches = matches};
    if (error)
        keep_refused(r, &v, error);
    v.owner = field_text(names, field_find(&need_type, "organisation"), need);
    v.owner_href = record_url(r->arena, &organisation_type, need->organisation);
    v.state = field_text(names, field_find(&need_type, "state"), need);
    v.level = visibility_of_code(need->visibility);
    v.base = record_url(r->arena, &need_type, need->id);
    v.named = !begins_with_title(need);
    v.unwanted = need->unwanted.count > 0;
    v.is_draft = need->state && strcmp(need->state, "draft") == 0;
    v.may_write = door_may_write(d, &need_type, need);
    if (v.may_write) {
        TRY(form_options_load(d, &need_type, &options));
        v.edit_href = arena_print(r->arena, "/fiches/need/%lld/modifier", (long long)need->id);
    }
    v.options = options;
    v.may_propose =
        v.may_write && need->state && strcmp(need->state, "open") == 0 && v.level != VISIBILITY_PRIVATE;
    struct introduction_line *lines = NULL;
    TRY(introduction_lines_load(r, need->id, &lines, &v.introduction_count));
    v.introductions = lines;
    TRY(attached_load(r, &need_type, need->id, &v.attached));
    bool all = matches->count <= MOST_SHOWN || param(&r->query, "tous");
    v.shown = all ? matches->count : MOST_SHOWN;
    /* a refused correction is answered at an address that only takes posts: links lead to the need itself */
    const char *here = error ? v.base : r->target;
    v.all_href = all ? NULL : url_with(r->arena, here, "tous", "1");
    bool sure = matches->count && !matches->little_known;
    v.heading = sure ? tr("Who can do it") : matches->count ? tr("Who might do it") : tr("Nobody here");
    v.readings_href = readings_url(r, &need_type, need);
    v.lede = sure ? matches->at[0].sentence : NULL;
    v.reweighed = reweighed_text(r->arena, matches);
    v.announce = v.reweighed ? v.reweighed : v.heading;
    v.frame = frame_of(r, answer, need->title, "/besoins");
    v.frame.here = here;
    need_page(answer->html, &v);
    return NULL;
}

static struct fault *need_show(struct request *r, struct response *answer)
{
    struct need need;
    TRY(door_load(door_of(r), need, request_id(r, "id"), &need, NULL));
    return draw_need(r, answer, &need, NULL);
}

static struct fault *load_posted(struct request *r, struct need *need, field_mask *shown)
{
    TRY(door_load(door_of(r), need, request_id(r, "id"), need, shown));
    const char *version = param(&r->form, "version");
    if (version)
        need->version = strtoll(version, NULL, 10);
    return NULL;
}

static struct fault *need_correct(struct request *r, struct response *answer)
{
    struct need need, stored;
    field_mask shown = 0;
    TRY(load_posted(r, &need, &shown));
    stored = need;
    struct fault *failed =
        needs_correct(door_of(r), &need, param_text(&r->form, "key"), param_text(&r->form, "value"),
                      strtoll(param_text(&r->form, "term"), NULL, 10), param(&r->form, "remove") != NULL);
    if (!failed)
        failed = door_save(door_of(r), need, &need, shown);
    if (failed && (failed->code == FAULT_INVALID || failed->code == FAULT_CONFLICT)) {
        const char *error = arena_print(r->arena, "%s", failed->text);
        answer->status = failed->code == FAULT_INVALID ? 422 : 409;
        return draw_need(r, answer, &stored, error);
    }
    TRY(failed);
    response_redirect(answer, record_url(r->arena, &need_type, need.id));
    return NULL;
}

static struct fault *need_open(struct request *r, struct response *answer)
{
    struct need need;
    field_mask shown = 0;
    TRY(load_posted(r, &need, &shown));
    need.state = "open";
    TRY(door_save(door_of(r), need, &need, shown));
    flash_set(answer, "saved", NULL);
    response_redirect(answer, record_url(r->arena, &need_type, need.id));
    return NULL;
}

enum { ASKERS = ROLE_MEMBER | ROLE_FACILITATOR };

const struct route need_routes[] = {
    {"GET", "/besoins", needs_list, .right = ASKERS, .version = page_version,
     .summary = N_("Needs one may see")},
    {"GET", "/besoins/nouveau", need_form, .right = ASKERS, .summary = N_("Form for a new need")},
    {"POST", "/besoins/nouveau", need_create, .right = ASKERS, .writes = true,
     .summary = N_("Read a need from its words and keep it as a draft")},
    {"GET", "/besoins/{id}", need_show, .right = ASKERS, .version = page_version,
     .summary = N_("A need and who can do it")},
    {"POST", "/besoins/{id}/faits", need_correct, .right = ASKERS, .writes = true,
     .summary = N_("Correct, add or remove a fact of a need")},
    {"POST", "/besoins/{id}/ouvrir", need_open, .right = ASKERS, .writes = true,
     .summary = N_("Open a draft")},
};
const size_t need_route_count = COUNT(need_routes);
