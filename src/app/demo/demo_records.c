/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_records.c - the tables in their order, and what each leaves to be derived. */
#include <math.h>
#include <string.h>

#include "clock/clock.h"
#include "demo/internal.h"
#include "demo_data.h"
#include "places/places.h"
#include "random/random.h"

/* Bands of choices.c. */
static const char *size_class_of(int64_t headcount)
{
    return !known_integer(headcount) ? NULL
           : headcount < 10          ? "micro"
           : headcount < 50          ? "small"
           : headcount < 250         ? "medium"
                                     : "large";
}

/* "f:2008 p:2013 t": the first day of the year it joined this space, when it is a member. */
static int64_t joined_on(const struct demo_loader *l, struct slice spaces)
{
    struct slice one;
    int64_t year;
    while (slice_cut(&spaces, ' ', &one))
        if (one.len > 2 && *one.ptr == l->space && integer_parse(slice_from(one, 2), &year))
            return day_of((int)year, 1, 1);
    return UNKNOWN_INTEGER;
}

static struct fault *complete_organisation(struct demo_loader *l, const struct demo_row *row, void *record)
{
    struct organisation *o = record;
    const char note[] = {'@', 'n', 'o', 't', 'e', '_', l->space, '\0'};
    struct slice text = demo_cell(row, note);
    o->size_class = size_class_of(o->headcount);
    o->joined = joined_on(l, demo_cell(row, "@spaces"));
    o->note = text.len ? slice_text(door_arena(l->door), text) : NULL;
    return NULL;
}

/* A member from the first of January of the year it joined, in the college its kind belongs to. */
static struct fault *follow_organisation(struct demo_loader *l, const struct demo_row *row,
                                         const void *record)
{
    static const char *const colleges[][2] = {{"company", "industry"},
                                              {"brand", "brand"},
                                              {"laboratory", "research"},
                                              {"school", "research"},
                                              {"institution", "public"}};
    (void)row;
    const struct organisation *o = record;
    struct membership m;
    if (!known_integer(o->joined))
        return NULL;
    record_clear(&membership_type, &m);
    m.organisation = o->id;
    m.college = "partner";
    for (size_t i = 0; i < COUNT(colleges); i++)
        if (o->kind && strcmp(o->kind, colleges[i][0]) == 0)
            m.college = colleges[i][1];
    m.size_class = o->size_class;
    m.since = o->joined;
    m.until = o->closed;
    return door_save(l->door, membership, &m, ALL_FIELDS);
}

/* "Morteau", or "Saint-Claude (39)" where the name alone would lead elsewhere. */
static bool find_place(struct demo_loader *l, struct slice cell, struct place *out)
{
    struct slice rest = cell, name, department;
    (void)slice_cut(&rest, '(', &name);
    struct place_where where = {NULL};
    if (slice_cut(&rest, ')', &department))
        where.department = slice_text(door_arena(l->door), department);
    struct place *found = NULL;
    if (!places_named(door_arena(l->door), slice_trim(name), where, &found))
        return false;
    *out = found[0];
    return true;
}

static struct fault *no_place(struct slice cell)
{
    return fault(FAULT_BUG, "There is no place \"%.*s\".", SLICE_ARGS(cell));
}

/* A point within 750 m of the centre, always the same for the same words, so that dots do not coincide. */
static struct geo_point spread_from(struct geo_point centre, struct slice seed, struct slice more)
{
    const double widest_km = 0.75, km_per_degree = geo_radians(1) * EARTH_RADIUS_KM;
    uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a */
    for (size_t i = 0; i < seed.len; i++)
        hash = (hash ^ (unsigned char)seed.ptr[i]) * UINT64_C(1099511628211);
    for (size_t i = 0; i < more.len; i++)
        hash = (hash ^ (unsigned char)more.ptr[i]) * UINT64_C(1099511628211);
    struct random random = random_seeded(hash, 0);
    double km = widest_km * sqrt(random_unit(&random)), angle = geo_radians(360 * random_unit(&random));
    return (struct geo_point){centre.lat + km * cos(angle) / km_per_degree,
                              centre.lon + km * sin(angle) / (km_per_degree * cos(geo_radians(centre.lat)))};
}

static struct fault *complete_site(struct demo_loader *l, const struct demo_row *row, void *record)
{
    struct site *s = record;
    struct place p;
    if (!find_place(l, demo_cell(row, "@place"), &p))
        return no_place(demo_cell(row, "@place"));
    s->commune = p.name;
    s->commune_code = p.code;
    s->epci = *p.epci ? p.epci : NULL;
    s->country = arena_print(door_arena(l->door), "%s", p.country);
    if (*p.postcodes)
        s->postcode = arena_text(door_arena(l->door), p.postcodes, strcspn(p.postcodes, "|"));
    struct geo_point at = spread_from(p.point, demo_cell(row, "organisation"), demo_cell(row, "name"));
    s->lat = at.lat;
    s->lon = at.lon;
    s->approximate = p.approximate ? FLAG_YES : FLAG_NO;
    return NULL;
}

static struct fault *follow_person(struct demo_loader *l, const struct demo_row *row, const void *record)
{
    const struct person *p = record;
    if (!l->facilitator && strcmp(p->role, "facilitator") == 0)
        l->facilitator = p->id;
    const struct demo_code *organisation = demo_code_find(&l->records, demo_cell(row, "@organisation"));
    if (!organisation || !organisation->id)
        return fault(FAULT_BUG, "%s acts for nobody here.", p->name);
    struct mandate m;
    record_clear(&mandate_type, &m);
    m.person = p->id;
    m.organisation = organisation->id;
    m.title = p->title;
    TRY(value_parse(field_find(&mandate_type, "since"), door_arena(l->door), demo_cell(row, "@since"), &m));
    return door_save(l->door, mandate, &m, ALL_FIELDS);
}

static struct fault *complete_capability(struct demo_loader *l, const struct demo_row *row, void *record)
{
    (void)row;
    struct capability *c = record;
    c->confirmed_by = known_integer(c->confirmed_on) ? l->facilitator : 0;
    return NULL;
}

static struct fault *complete_need(struct demo_loader *l, const struct demo_row *row, void *record)
{
    struct need *n = record;
    struct place p;
    if (!find_place(l, demo_cell(row, "@place"), &p))
        return no_place(demo_cell(row, "@place"));
    n->place = p.name;
    n->lat = p.point.lat;
    n->lon = p.point.lon;
    return NULL;
}

/* Those of "@members" that are in this space take part from its beginning. */
static struct fault *follow_grappe(struct demo_loader *l, const struct demo_row *row, const void *record)
{
    const struct grappe *g = record;
    struct slice members = demo_cell(row, "@members"), code;
    while (slice_cut(&members, ' ', &code)) {
        const struct demo_code *found = demo_code_find(&l->records, code);
        struct grappe_membership m;
        record_clear(&grappe_membership_type, &m);
        if (!found)
            return fault(FAULT_BUG, "Unknown code \"%.*s\".", SLICE_ARGS(code));
        m.organisation = found->id;
        m.grappe = g->id;
        m.since = g->since;
        if (found->id)
            TRY(door_save(l->door, grappe_membership, &m, ALL_FIELDS));
    }
    return NULL;
}

static struct fault *load_terms(struct demo_loader *l)
{
    struct list_page page = {0};
    for (int64_t number = 1; number == 1 || (number - 1) * page.per_page < page.total; number++) {
        struct list_request all = {
            .type = &term_type, .sort = "code", .page = number, .per_page = LIMIT_LIST_ROWS};
        TRY(door_list(l->door, &all, &page));
        const struct term *terms = page.records;
        for (size_t i = 0; i < page.count; i++)
            TRY(demo_code_add(l, &l->terms, slice_of(terms[i].code), terms[i].id));
    }
    return NULL;
}

struct fault *demo_fill(struct door *door, char letter, struct demo_loader *l)
{
    *l = (struct demo_loader){.door = door, .space = letter};
    const struct demo_table tables[] = {
        {"organisations.tsv",
         {demo_organisations, DEMO_ORGANISATIONS_COUNT},
         &organisation_type,
         complete_organisation,
         follow_organisation},
        {"sites.tsv", {demo_sites, DEMO_SITES_COUNT}, &site_type, complete_site, NULL},
        {"people.tsv", {demo_people, DEMO_PEOPLE_COUNT}, &person_type, NULL, follow_person},
        {"capabilities.tsv",
         {demo_capabilities, DEMO_CAPABILITIES_COUNT},
         &capability_type,
         complete_capability,
         NULL},
        {"equipment.tsv", {demo_equipment, DEMO_EQUIPMENT_COUNT}, &equipment_type, NULL, NULL},
        {"certificates.tsv", {demo_certificates, DEMO_CERTIFICATES_COUNT}, &certificate_type, NULL, NULL},
        {"needs.tsv", {demo_needs, DEMO_NEEDS_COUNT}, &need_type, complete_need, NULL},
        {"offers.tsv", {demo_offers, DEMO_OFFERS_COUNT}, &offer_type, NULL, NULL},
        {"competitors.tsv", {demo_competitors, DEMO_COMPETITORS_COUNT}, &competitor_type, NULL, NULL},
        {"availability.tsv", {demo_availability, DEMO_AVAILABILITY_COUNT}, &availability_type, NULL, NULL},
        {"grappes.tsv", {demo_grappes, DEMO_GRAPPES_COUNT}, &grappe_type, NULL, follow_grappe},
    };
    TRY(load_terms(l));
    TRY(door_begin(door));
    for (size_t i = 0; i < COUNT(tables); i++)
        TRY(demo_load(l, &tables[i]));
    return door_commit(door);
}
