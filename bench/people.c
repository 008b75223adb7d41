/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "people.h"

#include <stdio.h>
#include <stdlib.h>

#include "arena/arena.h"

void must(const struct fault *f)
{
    if (!f)
        return;
    (void)fprintf(stderr, "bench: %s\n", f->text);
    exit(1);
}

struct door *bench_change(const struct space_info *s, struct arena *a)
{
    struct door *d = NULL;
    must(door_open_program(s->space, a, &d));
    must(door_begin(d));
    return d;
}

static int64_t add_organisation(struct door *d, struct arena *a, int i)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = arena_print(a, "Atelier %d", i);
    o.visibility = "public";
    must(door_save(d, organisation, &o, ALL_FIELDS));
    return o.id;
}

static void add_person(struct door *d, struct arena *a, int i, const char *role, int64_t organisation)
{
    struct person p;
    struct mandate m;
    record_clear(&person_type, &p);
    record_clear(&mandate_type, &m);
    p.name = arena_print(a, "Personne %d", i);
    p.email = arena_print(a, "personne%d@example.org", i);
    p.role = role;
    p.active = FLAG_YES;
    must(door_save(d, person, &p, ALL_FIELDS));
    m.person = p.id;
    m.organisation = organisation;
    must(door_save(d, mandate, &m, ALL_FIELDS));
}

int64_t *bench_people(struct door *d, struct arena *a, int people, int organisations, int facilitators)
{
    int64_t *ids = NEW(a, int64_t, organisations);
    for (int i = 0; i < organisations; i++)
        ids[i] = add_organisation(d, a, i);
    for (int i = 0; i < people; i++)
        add_person(d, a, i, facilitators && i % facilitators == 0 ? "facilitator" : "member",
                   ids[i % organisations]);
    return ids;
}
