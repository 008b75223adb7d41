/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* test_leaks.c - nobody learns what is not for them: every route, as every role, against a space in which
 * what the role may not see never existed; and the proof that a leak would be noticed. */
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
    struct walk w = {.world = s->world,
                     .router = server_router(s->server),
                     .port = server_port(s->server),
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
            print_message("# %s never met %s.%s (%s)\n", who->name, t->type->name,
                          t->type->fields[c->field].name, c->word);
    }
    print_message("# %s: met %zu of %zu words it may see, of %zu\n", who->name, met, expected,
                  w->world->canary_count);
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

/* --- the checker checked ---------------------------------------------------------------------------- */

/* The first word of a field that a visitor may not see, on a record of this level. */
static const char *hidden_word(const struct world *w, const struct record_type *type, const char *field,
                               enum visibility level)
{
    for (size_t i = 0; i < w->count; i++)
        if (w->things[i].type == type && w->things[i].level == level)
            return world_word(w, i, (int)(field_find(type, field) - type->fields));
    fail_msg("no %s of level %d", type->name, (int)level);
    return NULL;
}

static bool at_directory(const char *target)
{
    return strcmp(target, "/annuaire") == 0;
}

static void word_in_body(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    const char *word = hidden_word(w->world, &need_type, "text", VISIBILITY_PRIVATE);
    if (at_directory(target))
        r->body =
            slice_of(arena_print(w->world->arena, "%.*s<!-- %s -->", (int)r->body.len, r->body.ptr, word));
}

/* As a search would show it. */
static void word_in_two_pieces(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    const char *word = hidden_word(w->world, &person_type, "email", VISIBILITY_SPACE);
    if (at_directory(target))
        r->body = slice_of(arena_print(w->world->arena, "%.*s<mark>%.4s</mark>%s", (int)r->body.len,
                                       r->body.ptr, word, word + 4));
}

static void word_in_header(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    const char *word = hidden_word(w->world, &organisation_type, "turnover_band", VISIBILITY_PUBLIC);
    if (at_directory(target))
        r->headers = arena_print(w->world->arena, "%.*sX-Seen: %s\r\n\r\n", (int)strlen(r->headers) - 2,
                                 r->headers, word);
}

static void id_in_body(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    for (size_t i = 0; i < w->world->count && at_directory(target); i++)
        if (w->world->things[i].type == &need_type && w->world->things[i].level == VISIBILITY_PRIVATE)
            r->body = slice_of(arena_print(w->world->arena, "%.*s<a href=\"/besoins/%lld\"></a>",
                                           (int)r->body.len, r->body.ptr, (long long)w->world->things[i].id));
}

static void another_status(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)w;
    (void)who;
    if (at_directory(target))
        r->status = 403;
}

static void another_way(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    if (at_directory(target))
        r->headers = arena_print(w->world->arena, "%.*sLocation: /besoins\r\n\r\n",
                                 (int)strlen(r->headers) - 2, r->headers);
}

/* One figure more, without any word: a count. */
static void another_count(struct walk *w, const struct who *who, const char *target, struct reply *r)
{
    (void)who;
    if (at_directory(target))
        r->body = slice_of(arena_print(w->world->arena, "%.*s7", (int)r->body.len, r->body.ptr));
}

static void a_leak_in_any_part_of_an_answer_is_noticed(void **state)
{
    struct scene *s = *state;
    static void (*const plants[])(struct walk *, const struct who *, const char *, struct reply *) = {
        word_in_body,   word_in_two_pieces, word_in_header, id_in_body,
        another_status, another_way,        another_count};
    for (size_t i = 0; i < COUNT(plants); i++) {
        struct walk w = walk_of(s);
        w.quiet = true;
        (void)walk_ask(&w, &s->world->who[WHO_VISITOR], "/annuaire", NULL);
        assert_int_equal(w.findings, 0);
        w.tamper = plants[i];
        (void)walk_ask(&w, &s->world->who[WHO_VISITOR], "/annuaire", NULL);
        end_walk(&w);
        if (!w.findings)
            fail_msg("plant %zu was not noticed", i);
    }
}

/* Stores a changed record in the whole, behind the model's back; its version goes along. */
static void store(const struct world *w, const struct record_type *type, void *record)
{
    ARENA_SCOPE(a);
    const struct sight everything = {.program = "test"};
    struct transaction *t = NULL;
    struct record_head *head = record, *stored = record_new(a, type);
    assert_ok(transaction_begin(space_db(world_space(w, "whole")), a, &t));
    assert_ok(rows_load(transaction_connection(t), a, type, head->id, &everything, stored));
    head->version = stored->version;
    assert_ok(rows_update(t, type, record, 0));
    assert_ok(transaction_commit(t));
}

static int findings_of(struct scene *s, enum role_kind who, const char *only)
{
    struct walk w = walk_of(s);
    w.quiet = true;
    w.only = only;
    walk_reads(&w, &s->world->who[who]);
    end_walk(&w);
    return w.findings;
}

/* A record's own level widened in the store, as a wrong rule of levels would. */
static void a_level_that_is_wrong_is_noticed(void **state)
{
    struct scene *s = *state;
    static const char *const routes[] = {"/fiches/{type}", "/structures/{id}"};
    for (size_t i = 0; i < s->world->count; i++) {
        const struct thing *t = &s->world->things[i];
        const struct thing *owner = world_thing(s->world, t->owner);
        if (t->type != &capability_type || t->level != VISIBILITY_PRIVATE ||
            owner->level != VISIBILITY_PUBLIC)
            continue;
        struct capability wide = *(const struct capability *)t->record;
        wide.visibility = "public";
        store(s->world, t->type, &wide);
        for (size_t k = 0; k < COUNT(routes); k++)
            assert_true(findings_of(s, WHO_VISITOR, routes[k]) > 0);
        assert_true(findings_of(s, WHO_RIVAL, "/annuaire") > 0);
        wide.visibility = "private";
        store(s->world, t->type, &wide);
        return;
    }
    fail_msg("no private know-how of a public organisation");
}

/* What one field hides copied into one that shows it, as a page drawing the wrong field would. */
static void a_field_that_is_wrong_is_noticed(void **state)
{
    struct scene *s = *state;
    for (size_t i = 0; i < s->world->count; i++) {
        const struct thing *t = &s->world->things[i];
        if (t->type != &organisation_type || t->level != VISIBILITY_SPACE ||
            t->id == s->world->who[WHO_MEMBER].organisations[0])
            continue;
        struct organisation told = *(const struct organisation *)t->record;
        const char *activity = told.activity;
        told.activity = told.turnover_band;
        store(s->world, t->type, &told);
        assert_true(findings_of(s, WHO_MEMBER, "/structures/{id}") > 0);
        assert_true(findings_of(s, WHO_MEMBER, "/annuaire") > 0);
        assert_true(findings_of(s, WHO_FACILITATOR, "/fiches/{type}/{id}") > 0);
        told.activity = activity;
        store(s->world, t->type, &told);
        return;
    }
}

/* A write that goes through is noticed though its answer says nothing of it. */
static void a_change_behind_a_refusal_is_noticed(void **state)
{
    struct scene *s = *state;
    char before[CONTENT_HASH + 1], after[CONTENT_HASH + 1];
    struct need kept = {0};
    for (size_t i = 0; i < s->world->count; i++)
        if (s->world->things[i].type == &need_type)
            kept = *(const struct need *)s->world->things[i].record;
    const char *title = kept.title;
    world_content(s->world, "whole", before);
    kept.title = "another";
    store(s->world, &need_type, &kept);
    world_content(s->world, "whole", after);
    assert_memory_not_equal(before, after, sizeof before);
    kept.title = title;
    store(s->world, &need_type, &kept);
}

/* --- what was hidden and is open now ---------------------------------------------------------------- */

static void history_does_not_tell_of_times_that_were_private(void **state)
{
    struct scene *s = *state;
    static const enum role_kind readers[] = {WHO_MEMBER, WHO_FACILITATOR, WHO_FUNDER, WHO_RIVAL};
    for (size_t i = 0; i < s->world->count; i++) {
        const struct thing *t = &s->world->things[i];
        const struct thing *owner = world_thing(s->world, t->owner);
        if (t->type != &capability_type || t->level != VISIBILITY_PRIVATE || owner->level != VISIBILITY_SPACE)
            continue;
        struct capability now = *(const struct capability *)t->record;
        const char *secret = now.description;
        now.description = "nothing secret";
        now.title = "Polishing";
        store(s->world, t->type, &now);
        now.visibility = "space";
        store(s->world, t->type, &now);
        now.title = "Fine polishing";
        store(s->world, t->type, &now);
        for (size_t k = 0; k < COUNT(readers); k++) {
            ARENA_SCOPE(a);
            const struct who *who = &s->world->who[readers[k]];
            bool own = who->organisations[0] == t->owner;
            char *cookie = arena_print(a, "Host: whole.x\r\nCookie: grappe_session=a%s\r\n", who->token + 1);
            struct reply r = client_get(a, server_port(s->server),
                                        arena_print(a, "/fiches/capability/%lld", (long long)t->id), cookie);
            assert_int_equal(r.status, 200);
            assert_true(reply_has(&r, "Polishing → Fine polishing"));
            assert_int_equal(reply_has(&r, secret), own);
        }
        return;
    }
    fail_msg("no private know-how of an organisation open to the space");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reading_shows_nothing_that_is_not_for_the_reader),
        cmocka_unit_test(writing_what_is_not_ones_own_changes_nothing),
        cmocka_unit_test(a_leak_in_any_part_of_an_answer_is_noticed),
        cmocka_unit_test(a_level_that_is_wrong_is_noticed),
        cmocka_unit_test(a_field_that_is_wrong_is_noticed),
        cmocka_unit_test(a_change_behind_a_refusal_is_noticed),
        cmocka_unit_test(
            history_does_not_tell_of_times_that_were_private), /* last: it leaves the space changed */
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
