/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/scene.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "folder.h"
#include "places/places.h"
#include "under_test.h"

int scene_open(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    if (!s)
        return -1;
    s->arena = arena_new(LIMIT_COMMAND_MEMORY);
    folder_new(s->folder, "scene");
    new_place(s->folder, "space", s->path, sizeof s->path);
    assert_ok(space_create(s->path, &s->space));
    *state = s;
    return 0;
}

int scene_close(void **state)
{
    struct scene *s = *state;
    arena_free(s->arena);
    space_close(s->space);
    folder_remove(s->folder);
    free(s);
    return 0;
}

struct door *scene_program(struct scene *s)
{
    struct door *d = NULL;
    assert_ok(door_open_program(s->space, s->arena, &d));
    return d;
}

struct door *scene_door_in(struct scene *s, struct arena *a, int64_t person)
{
    struct door *d = NULL;
    assert_ok(door_open(s->space, a, person, &d));
    return d;
}

struct door *scene_door(struct scene *s, int64_t person)
{
    return scene_door_in(s, s->arena, person);
}

static void save(struct scene *s, const struct record_type *type, void *record)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    assert_ok(door_open_program(s->space, work, &d));
    assert_ok(door_save_any(d, type, record, ALL_FIELDS));
}

int64_t scene_term(struct scene *s, const char *code)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct list_filter filter = {"code.is", code};
    struct list_request asked = {.type = &term_type, .filters = &filter, .filter_count = 1};
    struct list_page page;
    assert_ok(door_open_program(s->space, work, &d));
    assert_ok(door_list(d, &asked, &page));
    if (page.count != 1)
        fail_msg("no term %s", code);
    return ((const struct term *)page.records)->id;
}

static struct term_list terms_of(struct scene *s, const char *codes)
{
    struct term_list list = {.ids = NEW(s->arena, int64_t, strlen(codes) + 1)};
    struct slice rest = slice_of(codes), code;
    while (slice_cut(&rest, ' ', &code))
        if (code.len)
            list.ids[list.count++] = scene_term(s, slice_text(s->arena, code));
    return list;
}

int64_t scene_organisation(struct scene *s, const char *name, const char *level)
{
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = name;
    o.visibility = level ? level : "public";
    save(s, &organisation_type, &o);
    return o.id;
}

int64_t scene_capability(struct scene *s, int64_t organisation, const char *title, const char *processes,
                         const char *materials, const char *level)
{
    struct capability c;
    record_clear(&capability_type, &c);
    c.organisation = organisation;
    c.title = title;
    c.processes = terms_of(s, processes);
    c.materials = terms_of(s, materials);
    c.visibility = level ? level : "public";
    save(s, &capability_type, &c);
    return c.id;
}

void scene_site(struct scene *s, int64_t organisation, const char *commune, const char *code)
{
    struct site site;
    struct place place;
    record_clear(&site_type, &site);
    site.organisation = organisation;
    site.commune = commune;
    site.commune_code = code;
    if (code && place_by_code(code, &place)) {
        site.lat = place.point.lat;
        site.lon = place.point.lon;
    }
    save(s, &site_type, &site);
}

void scene_certificate(struct scene *s, int64_t organisation, const char *certification, int64_t until)
{
    struct certificate c;
    record_clear(&certificate_type, &c);
    c.organisation = organisation;
    c.certification = terms_of(s, certification);
    c.until = until;
    save(s, &certificate_type, &c);
}

int64_t scene_person(struct scene *s, const char *name, const char *role, int64_t organisation)
{
    struct person p;
    struct mandate m;
    record_clear(&person_type, &p);
    p.name = name;
    p.role = role;
    p.active = FLAG_YES;
    save(s, &person_type, &p);
    record_clear(&mandate_type, &m);
    m.person = p.id;
    m.organisation = organisation;
    if (organisation)
        save(s, &mandate_type, &m);
    return p.id;
}
