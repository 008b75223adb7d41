/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* organisation_pages.c - the page of one organisation: can I trust them with this? */
#include <string.h>

#include "availability/availability.h"
#include "clock/clock.h"
#include "competitors/competitors.h"
#include "i18n/i18n.h"
#include "pages/organisation_view.h"
#include "templates.h"

/* The records of a type that the organisation owns and the visitor may see. */
static struct fault *owned(struct request *r, const struct record_type *type, int64_t owner, void *records,
                           size_t *count, struct names **names)
{
    struct list_request asked = {.type = type, .owner = owner, .per_page = LIMIT_LIST_ROWS};
    struct list_page page = {0};
    if (type->readers & r->visitor.roles)
        TRY(door_list(door_of(r), &asked, &page));
    *(void **)records = page.records;
    *count = page.count;
    return names_load(door_of(r), type, ALL_FIELDS, page.records, page.count, names);
}

/* "a · b · c" of the texts that say something. */
static char *joined(struct arena *a, const char *const *parts, size_t count)
{
    struct buffer *out = buffer_new(a, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < count; i++)
        if (parts[i] && *parts[i]) {
            buffer_text(out, out->len ? " · " : "");
            buffer_text(out, parts[i]);
        }
    return arena_print(a, "%s", buffer_string(out));
}

static const char *text_of(const struct names *names, const struct record_type *type, const char *field,
                           const void *record)
{
    return field_text(names, field_find(type, field), record);
}

static const char *figures_of(struct arena *a, const struct names *n, const struct capability *c)
{
    const char *batch = text_of(n, &capability_type, "batch", c);
    const char *parts[] = {
        text_of(n, &capability_type, "size", c),
        known_integer(c->tolerance) ? arena_print(a, "± %s", length_print(a, c->tolerance)) : NULL,
        known_integer(c->it_grade) ? arena_print(a, "IT%lld", (long long)c->it_grade) : NULL,
        batch,
    };
    return joined(a, parts, COUNT(parts));
}

static struct fault *fill_know_how(struct request *r, int64_t id, struct organisation_view *v)
{
    struct capability *all = NULL;
    struct names *n = NULL;
    TRY(owned(r, &capability_type, id, &all, &v->know_how_count, &n));
    struct know_how_view *lines = NEW(r->arena, struct know_how_view, v->know_how_count + 1);
    for (size_t i = 0; i < v->know_how_count; i++) {
        const char *parts[] = {text_of(n, &capability_type, "processes", &all[i]),
                               text_of(n, &capability_type, "materials", &all[i]),
                               text_of(n, &capability_type, "components", &all[i]), all[i].description};
        lines[i] =
            (struct know_how_view){.title = all[i].title,
                                   .detail = joined(r->arena, parts, COUNT(parts)),
                                   .figures = figures_of(r->arena, n, &all[i]),
                                   .origin = text_of(n, &capability_type, "origin", &all[i]),
                                   .confirmed = all[i].origin && strcmp(all[i].origin, "confirmed") == 0,
                                   .level = visibility_of_code(all[i].visibility),
                                   .href = record_url(r->arena, &capability_type, all[i].id)};
    }
    v->know_how = lines;
    return NULL;
}

static struct fault *fill_hallmarks(struct request *r, int64_t id, struct organisation_view *v)
{
    struct certificate *all = NULL;
    struct names *n = NULL;
    size_t count = 0;
    TRY(owned(r, &certificate_type, id, &all, &count, &n));
    struct hallmark_view *marks = NEW(r->arena, struct hallmark_view, count + 1);
    for (size_t i = 0; i < count; i++)
        if (all[i].held != FLAG_NO)
            marks[v->hallmark_count++] =
                (struct hallmark_view){.label = text_of(n, &certificate_type, "certification", &all[i]),
                                       .title = text_of(n, &certificate_type, "until", &all[i]),
                                       .expired = known_integer(all[i].until) && all[i].until < today()};
    v->hallmarks = marks;
    return NULL;
}

static struct fault *fill_equipment(struct request *r, int64_t id, struct organisation_view *v)
{
    struct equipment *all = NULL;
    struct names *n = NULL;
    TRY(owned(r, &equipment_type, id, &all, &v->equipment_count, &n));
    struct link_line *lines = NEW(r->arena, struct link_line, v->equipment_count + 1);
    for (size_t i = 0; i < v->equipment_count; i++) {
        const char *parts[] = {known_integer(all[i].quantity) && all[i].quantity > 1
                                   ? arena_print(r->arena, "× %s", integer_print(r->arena, all[i].quantity))
                                   : NULL,
                               text_of(n, &equipment_type, "size", &all[i]),
                               all[i].shared == FLAG_YES ? tr("Open to others") : NULL};
        lines[i] = (struct link_line){all[i].name, joined(r->arena, parts, COUNT(parts)),
                                      record_url(r->arena, &equipment_type, all[i].id)};
    }
    v->equipment = lines;
    return NULL;
}

static struct fault *fill_needs(struct request *r, int64_t id, struct organisation_view *v)
{
    struct need *all = NULL;
    struct names *n = NULL;
    TRY(owned(r, &need_type, id, &all, &v->need_count, &n));
    struct link_line *lines = NEW(r->arena, struct link_line, v->need_count + 1);
    for (size_t i = 0; i < v->need_count; i++)
        lines[i] = (struct link_line){all[i].title, text_of(n, &need_type, "state", &all[i]),
                                      record_url(r->arena, &need_type, all[i].id)};
    v->needs = lines;
    return NULL;
}

static struct fault *fill_offers(struct request *r, int64_t id, struct organisation_view *v)
{
    struct offer *all = NULL;
    struct names *n = NULL;
    size_t count = 0;
    TRY(owned(r, &offer_type, id, &all, &count, &n));
    struct link_line *lines = NEW(r->arena, struct link_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *parts[] = {
            text_of(n, &offer_type, "kind", &all[i]),
            known_integer(all[i].until)
                ? arena_print(r->arena, tr("until %s"), day_in_words(r->arena, all[i].until, true))
                : NULL};
        if (!known_integer(all[i].until) || all[i].until >= today() || v->add_offer)
            lines[v->offer_count++] = (struct link_line){all[i].title, joined(r->arena, parts, COUNT(parts)),
                                                         record_url(r->arena, &offer_type, all[i].id)};
    }
    v->offers = lines;
    return NULL;
}

/* What is over is shown to those who may renew it. */
static struct fault *fill_free(struct request *r, int64_t id, struct organisation_view *v)
{
    struct availability *all = NULL;
    struct names *n = NULL;
    size_t count = 0;
    TRY(owned(r, &availability_type, id, &all, &count, &n));
    struct link_line *lines = NEW(r->arena, struct link_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const bool holds = availability_holds(&all[i], today());
        const char *parts[] = {availability_words(r->arena, &all[i]),
                               arena_print(r->arena, holds ? tr("holds until %s") : tr("held until %s"),
                                           day_in_words(r->arena, all[i].valid, true))};
        if (holds || v->add_free)
            lines[v->free_count++] = (struct link_line){all[i].title, joined(r->arena, parts, COUNT(parts)),
                                                        record_url(r->arena, &availability_type, all[i].id)};
    }
    v->free = lines;
    return NULL;
}

/* Of the line that stands today. */
static struct fault *fill_membership(struct request *r, int64_t id, struct organisation_view *v)
{
    struct membership *all = NULL;
    struct names *n = NULL;
    size_t count = 0;
    TRY(owned(r, &membership_type, id, &all, &count, &n));
    for (size_t i = 0; i < count; i++)
        if (day_within(today(), all[i].since, all[i].until)) {
            const char *parts[] = {
                arena_print(r->arena, tr("Member since %s"), day_in_words(r->arena, all[i].since, false)),
                text_of(n, &membership_type, "college", &all[i])};
            v->membership = joined(r->arena, parts, COUNT(parts));
            v->membership_href = record_url(r->arena, &membership_type, all[i].id);
        }
    return NULL;
}

static struct fault *fill_people(struct request *r, int64_t id, struct organisation_view *v)
{
    struct mandate *all = NULL;
    struct names *n = NULL;
    size_t count = 0;
    TRY(owned(r, &mandate_type, id, &all, &count, &n));
    struct person_line *lines = NEW(r->arena, struct person_line, count + 1);
    for (size_t i = 0; i < count; i++) {
        const char *name = text_of(n, &mandate_type, "person", &all[i]);
        bool over = known_integer(all[i].until) && all[i].until < today();
        if (*name && !over)
            lines[v->people_count++] = (struct person_line){
                name, all[i].title, initials_of(r->arena, name),
                door_may_write(door_of(r), &mandate_type, &all[i])
                    ? arena_print(r->arena, "/mandats/%lld/succession", (long long)all[i].id)
                    : NULL};
    }
    v->people = lines;
    return NULL;
}

static struct fault *fill_sites(struct request *r, int64_t id, struct organisation_view *v)
{
    struct site *all = NULL;
    struct names *n = NULL;
    TRY(owned(r, &site_type, id, &all, &v->site_count, &n));
    struct site_line *lines = NEW(r->arena, struct site_line, v->site_count + 1);
    for (size_t i = 0; i < v->site_count; i++) {
        const char *place[] = {all[i].name, all[i].commune};
        const char *detail[] = {all[i].address, all[i].postcode,
                                known_integer(all[i].closed) ? tr("closed") : NULL};
        lines[i] = (struct site_line){joined(r->arena, place, COUNT(place)),
                                      joined(r->arena, detail, COUNT(detail))};
        if (!v->place || all[i].head_office == FLAG_YES)
            v->place = all[i].commune;
    }
    v->sites = lines;
    return NULL;
}

/* Declared already, by either? */
static bool tied(const struct competitor_tie *ties, size_t count, int64_t other)
{
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= ties[i].other == other;
    return found;
}

/* For those who may declare: who is a competitor, and who might be. */
static struct fault *fill_competitors(struct request *r, int64_t id, struct organisation_view *v)
{
    enum { MOST_HINTED = 5 };
    struct competitor_tie *ties = NULL;
    struct competitor_hint *hints = NULL;
    size_t count = 0, hint_count = 0;
    const char **names = NULL;
    TRY(competitors_of(door_of(r), id, 0, &ties, &count));
    TRY(competitors_hinted(door_of(r), id, &hints, &hint_count));
    int64_t *others = NEW(r->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        others[i] = ties[i].other;
    TRY(door_names(door_of(r), &organisation_type, others, count, &names));
    struct link_line *lines = NEW(r->arena, struct link_line, count + 1),
                     *more = NEW(r->arena, struct link_line, MOST_HINTED);
    for (size_t i = 0; i < count; i++) {
        const char *parts[] = {ties[i].by_other ? tr("says so itself") : NULL, ties[i].note};
        if (names[i])
            lines[v->competitor_count++] =
                (struct link_line){names[i], joined(r->arena, parts, COUNT(parts)),
                                   record_url(r->arena, &competitor_type, ties[i].id)};
    }
    for (size_t i = 0; i < hint_count && v->hinted_count < MOST_HINTED; i++)
        if (!tied(ties, count, hints[i].other))
            more[v->hinted_count++] = (struct link_line){
                hints[i].name, hints[i].processes,
                arena_print(r->arena, "%s&competitor=%lld", v->add_competitor, (long long)hints[i].other)};
    v->competitors = lines;
    v->hinted = more;
    return NULL;
}

/* Fields of the facts panel: what has no other place on the page. */
static field_mask plain_fields(field_mask shown, const struct organisation_view *v)
{
    const char *const placed[] = {
        "name",    "kind",       "activity",   "website", "note",
        "markets", "visibility", "size_class", "closed",  v->membership ? "joined" : "closed"};
    for (size_t i = 0; i < COUNT(placed); i++)
        shown &= ~((field_mask)1 << (field_find(&organisation_type, placed[i]) - organisation_type.fields));
    return shown;
}

static void fill_acts(struct request *r, int64_t id, struct organisation_view *v)
{
    struct arena *a = r->arena;
    long long n = (long long)id;
    v->edit_href = arena_print(a, "/fiches/organisation/%lld/modifier", n);
    v->add_know_how = arena_print(a, "/fiches/capability/nouvelle?structure=%lld", n);
    v->add_certificate = arena_print(a, "/fiches/certificate/nouvelle?structure=%lld", n);
    v->add_equipment = arena_print(a, "/fiches/equipment/nouvelle?structure=%lld", n);
    v->add_site = arena_print(a, "/fiches/site/nouvelle?structure=%lld", n);
    v->add_need = arena_print(a, "/besoins/nouveau?structure=%lld", n);
    v->add_offer = arena_print(a, "/fiches/offer/nouvelle?structure=%lld", n);
    v->add_free = arena_print(a, "/fiches/availability/nouvelle?structure=%lld", n);
    v->add_competitor = arena_print(a, "/fiches/competitor/nouvelle?structure=%lld", n);
}

static struct fault *fill_head(struct request *r, const struct organisation *o, field_mask shown,
                               struct organisation_view *v)
{
    struct names *names = NULL;
    TRY(names_load(door_of(r), &organisation_type, ALL_FIELDS, o, 1, &names));
    v->name = o->name;
    v->kind = text_of(names, &organisation_type, "kind", o);
    v->size = o->size_class ? text_of(names, &organisation_type, "size_class", o) : NULL;
    v->markets = text_of(names, &organisation_type, "markets", o);
    v->website = o->website;
    v->activity = o->activity;
    v->note = o->note;
    v->level = visibility_of_code(o->visibility);
    if (known_integer(o->closed))
        v->closed = arena_print(r->arena, tr("Closed on %s"), day_in_words(r->arena, o->closed, false));
    struct record_page_view *facts = NEW(r->arena, struct record_page_view, 1);
    *facts = (struct record_page_view){
        .type = &organisation_type, .record = o, .names = names, .shown = plain_fields(shown, v)};
    v->facts = facts;
    return NULL;
}

/* What the profile lacks, and what it gains by it: the first that is missing comes first. */
static void fill_lacks(struct request *r, const struct organisation *o, struct organisation_view *v)
{
    bool limits = false;
    for (size_t i = 0; i < v->know_how_count; i++)
        limits |= *v->know_how[i].figures != '\0';
    const struct {
        bool there;
        const char *what, *gain, *href;
    } parts[] = {
        {v->know_how_count, N_("Your know-how"), N_("without it no need finds you"), v->add_know_how},
        {!v->know_how_count || limits, N_("Sizes, tolerances or batches of your know-how"),
         N_("needs that ask for them put you first instead of \"to be confirmed\""),
         v->know_how_count ? v->know_how[0].href : NULL},
        {o->activity != NULL, N_("Your activity in your own words"),
         N_("it is read to find you by other words"), v->edit_href},
        {v->site_count, N_("Where you work"), N_("puts you on the map, and in needs that say how far"),
         v->add_site},
        {v->hallmark_count, N_("Certificates, with their dates"),
         N_("many needs ask for one and leave out who has none"), v->add_certificate},
        {v->equipment_count, N_("Machines and rooms"), N_("others can book what you open to them"),
         v->add_equipment},
        {o->markets.count, N_("Markets"), N_("buyers of these markets see you first"), v->edit_href},
        {v->people_count, N_("Somebody who acts for you"), N_("without it nobody is told when you are asked"),
         arena_print(r->arena, "/invitations?structure=%lld", (long long)o->id)},
        {o->headcount != UNKNOWN_INTEGER, N_("Headcount"),
         N_("counted in the figures of the territory, never alone"), v->edit_href},
    };
    struct link_line *lines = NEW(r->arena, struct link_line, COUNT(parts));
    for (size_t i = 0; i < COUNT(parts); i++)
        if (!parts[i].there && parts[i].href)
            lines[v->lack_count++] = (struct link_line){tr(parts[i].what), tr(parts[i].gain), parts[i].href};
    v->lacks = lines;
    v->profile_parts = COUNT(parts);
}

static struct fault *organisation_show(struct request *r, struct response *answer)
{
    int64_t id = request_id(r, "id");
    field_mask shown = 0;
    struct organisation *o = NEW(r->arena, struct organisation, 1);
    struct organisation_view v = {0};
    struct history_line *history = NULL;
    TRY(door_load(door_of(r), organisation, id, o, &shown));
    TRY(fill_membership(r, id, &v));
    TRY(fill_head(r, o, shown, &v));
    TRY(fill_hallmarks(r, id, &v));
    TRY(fill_know_how(r, id, &v));
    TRY(fill_equipment(r, id, &v));
    TRY(fill_needs(r, id, &v));
    TRY(fill_people(r, id, &v));
    TRY(fill_sites(r, id, &v));
    bool theirs = door_may_write(door_of(r), &organisation_type, o);
    if (theirs)
        fill_acts(r, id, &v);
    TRY(fill_offers(r, id, &v));
    TRY(fill_free(r, id, &v));
    if (theirs) {
        fill_lacks(r, o, &v);
        TRY(fill_competitors(r, id, &v));
        TRY(door_history(door_of(r), &organisation_type, id, &history, &v.history_count));
        v.history = history;
        v.past_href = arena_print(r->arena, "/fiches/organisation/%lld", (long long)id);
    }
    if (viewer_signed_in(door_viewer(door_of(r))))
        v.activity_href = arena_print(r->arena, "/activite?structure=%lld", (long long)id);
    TRY(attached_load(r, &organisation_type, id, &v.attached));
    v.readings_href = readings_url(r, &organisation_type, o);
    v.frame = frame_of(r, answer, v.name, "/annuaire");
    organisation_page(answer->html, &v);
    return NULL;
}

const struct route organisation_routes[] = {
    {"GET", "/structures/{id}", organisation_show, .right = ROLES_ANYONE, .version = page_version,
     .summary = N_("One organisation")},
};
const size_t organisation_route_count = COUNT(organisation_routes);
