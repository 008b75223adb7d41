/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "app/accounts/desk.h"

#include <string.h>

#include "clock/clock.h"
#include "folder.h"
#include "log/log.h"

static void catch_letter(void *owner, const struct outgoing *l, struct carried *c)
{
    struct desk *d = owner;
    const char *at = strstr(l->text, "/lien/");
    at = at ? at + strlen("/lien/") : strstr(l->text, "/invitation/");
    at = at && *at == '/' ? at + strlen("/invitation/") : at;
    assert_non_null(at);
    (void)snprintf(d->letter, sizeof d->letter, "%s", at);
    (void)snprintf(d->to, sizeof d->to, "%s", l->to);
    d->letters++;
    c->outcome = OUTCOME_SENT;
}

void desk_post(struct desk *d)
{
    assert_ok(post_work(house_post(d->house), NULL, NULL, NULL));
}

static int64_t organisation(struct desk *d, const char *name)
{
    ARENA_SCOPE(work);
    struct door *door = NULL;
    struct organisation o;
    record_clear(&organisation_type, &o);
    o.name = name;
    o.visibility = "public";
    assert_ok(door_open_program(d->space->space, work, &door));
    assert_ok(door_save(door, organisation, &o, ALL_FIELDS));
    return o.id;
}

int64_t desk_person(struct desk *d, const char *name, const char *email, const char *role,
                    int64_t organisation)
{
    ARENA_SCOPE(work);
    struct door *door = NULL;
    struct person p;
    struct mandate m;
    record_clear(&person_type, &p);
    record_clear(&mandate_type, &m);
    p.name = name;
    p.email = email;
    p.role = role;
    p.active = FLAG_YES;
    assert_ok(door_open_program(d->space->space, work, &door));
    assert_ok(door_save(door, person, &p, ALL_FIELDS));
    m.person = p.id;
    m.organisation = organisation;
    if (organisation)
        assert_ok(door_save(door, mandate, &m, ALL_FIELDS));
    return p.id;
}

struct person desk_load(struct desk *d, int64_t person)
{
    struct door *door = NULL;
    struct person p;
    assert_ok(door_open_program(d->space->space, d->arena, &door));
    assert_ok(door_load(door, person, person, &p, NULL));
    return p;
}

void desk_save(struct desk *d, struct person *p)
{
    ARENA_SCOPE(work);
    struct door *door = NULL;
    assert_ok(door_open_program(d->space->space, work, &door));
    assert_ok(door_save(door, person, p, ALL_FIELDS));
}

int64_t desk_behind(struct desk *d, const char *token)
{
    struct session s;
    assert_ok(accounts_session(d->house, d->space, token, &s));
    return s.person;
}

struct caller desk_caller(const char *address)
{
    return (struct caller){.address = address,
                           .agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"};
}

void desk_wait(struct desk *d, int64_t seconds)
{
    d->now_us += seconds * SECOND_US;
    clock_hold(d->now_us);
}

int desk_open(void **state)
{
    struct desk *d = calloc(1, sizeof *d);
    folder_new(d->folder, "desk");
    log_quieter_than(LOG_ERROR);
    d->arena = arena_new(LIMIT_SCRATCH_MEMORY);
    d->now_us = now_us();
    desk_wait(d, 0);
    assert_ok(house_create(d->folder, &d->house));
    post_by(house_post(d->house), &(struct carrier){.carry = catch_letter, .owner = d});
    assert_ok(house_add(d->house, "essai", "Essai", false, &d->space));
    d->firm = organisation(d, "Décolletage Exemple");
    d->rival = organisation(d, "Autre Maison");
    d->anne = desk_person(d, "Anne Exemple", "anne@example.org", "facilitator", 0);
    d->marc = desk_person(d, "Marc Exemple", "marc@example.org", "member", d->firm);
    *state = d;
    return 0;
}

int desk_close(void **state)
{
    struct desk *d = *state;
    arena_free(d->arena);
    house_close(d->house);
    folder_remove(d->folder);
    clock_hold(0);
    free(d);
    return 0;
}
