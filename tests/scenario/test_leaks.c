/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_leaks.c - nobody learns what is not for them: every route, as every role, against a space in which what the
 * role may not see never existed; and the proof that a leak would be noticed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "door/internal.h"
#include "scenario/walk.h"
#include "test.h"

struct scene {
    struct world *world;
    struct arena *arena;
    struct server *server;
};

static struct walk walk_of(struct scene *s)
{
    struct walk w = {.world = s->world, .router = server_router(s->server), .port = server_port(s->server),
                     .sockets = {-1, -1}};
    w.seen = NEW(s->arena, bool, s->world->canary_count);
    return w;
}

static void end_walk(struct walk *w)
{
    for (int i = 0; i < 2; i++)
        if (w->sockets[i] >= 0)
            (void)close(w->sockets[i]);
}

static int set_up(void **state)
{
    struct scene *s = calloc(1, sizeof *s);
    struct server_options options = {0};
    s->world = world_new();
    s->arena = arena_new(LIMIT_COMMAND_MEMORY);
    assert_ok(server_start(s->arena, s->world->house, &options, &s->server));
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *s = *state;
    assert_ok(server_stop(s->server));
    world_end(s->world);
    arena_free(s->arena);
    free(s);
    return 0;
}

/* LEAK_ROLES=member,funder and LEAK_ROUTES=/annuaire narrow a walk down while a leak is being looked for. */
static bool walked(const struct who *who)
{
    const char *roles = getenv("LEAK_ROLES");
    return !roles || strstr(roles, who->name);
}

/* What a role may see was shown to it: a walk that meets nothing proves nothing. */
static void assert_met(const struct walk *w, const struct who *who)
{
    size_t expected = 0, met = 0;
    for (size_t i = 0; i < w->world->canary_count; i++) {
        const struct canary *c = &w->world->canaries[i];
        const struct thing *t = &w->world->things[c->thing];
        if (!may_see_field(w->world, who, t, &t->type->fields[c->field]))
            continue;
        expected++;
        met += w->seen[i];
        if (!w->seen[i] && getenv("LEAK_UNMET"))
            print_message("# %s never met %s.%s (%s)\n", who->name, t->type->name, t->type->fields[c->field].name, c->word);
    }
    print_message("# %s: met %zu of %zu words it may see, of %zu\n", who->name, met, expected, w->world->canary_count);
    if (!getenv("LEAK_ROUTES"))
        assert_int_equal(met, expected);
}

static void reading_shows_nothing_that_is_not_for_the_reader(void **state)
{
    struct scene *s = *state;
    struct walk w = walk_of(s);
    w.only = getenv("LEAK_ROUTES");
    for (int i = 0; i < WHO_COUNT; i++) {
        if (!walked(&s->world->who[i]))
            continue;
        memset(w.seen, 0, s->world->canary_count * sizeof *w.seen);
        walk_reads(&w, &s->world->who[i]);
        assert_met(&w, &s->world->who[i]);
    }
    end_walk(&w);
    print_message("# %d requests, each in two spaces, %d findings\n", w.asked, w.findings);
    assert_int_equal(w.findings, 0);
}

static void writing_what_is_not_ones_own_changes_nothing(void **state)
{
    struct scene *s = *state;
    struct walk w = walk_of(s);
    w.only = getenv("LEAK_ROUTES");
    for (int i = 0; i < WHO_COUNT; i++)
        if (walked(&s->world->who[i]))
            walk_writes(&w, &s->world->who[i]);
    end_walk(&w);
    print_message("# %d writes refused, %d findings\n", w.refusals, w.findings);
    assert_int_equal(w.findings, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_shows_nothing_that_is_not_for_the_reader),
        cmocka_unit_test(writing_what_is_not_ones_own_changes_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
