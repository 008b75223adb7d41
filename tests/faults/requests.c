/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "faults/requests.h"

#include <stdlib.h>
#include <string.h>

#include "accounts/accounts.h"
#include "accounts/api_tokens.h"
#include "clock/clock.h"
#include "db/db.h"
#include "demo/demo.h"
#include "door/internal.h"
#include "folder.h"
#include "i18n/i18n.h"
#include "text/buffer.h"

/* --- what is asked ----------------------------------------------------------------------------------- */

#define API "/api/v1/records/organisation"
#define NEW_FIRM "{\"name\":\"Atelier des essais\",\"visibility\":\"space\"}"

static const struct deed added = {"POST", API, NEW_FIRM, FACILITATOR, 201, NULL};
static const struct deed removed = {"DELETE", API "/${id}", NULL, FACILITATOR, 204, &added};

const struct deed deeds[] = {
    {"GET", "/annuaire", NULL, VISITOR, 200, NULL},
    {"GET", "/annuaire?q=decolletage", NULL, MEMBER, 200, NULL},
    {"GET", "/annuaire?q=titane&format=csv", NULL, MEMBER, 200, NULL},
    {"GET", "/structures/${firm}", NULL, MEMBER, 200, NULL},
    {"GET", "/fiches/organisation?tri=-name", NULL, FACILITATOR, 200, NULL},
    {"GET", "/fiches/organisation?format=csv", NULL, FACILITATOR, 200, NULL},
    {"GET", "/fiches/organisation/${firm}/modifier", NULL, FACILITATOR, 200, NULL},
    {"GET", "/besoins", NULL, MEMBER, 200, NULL},
    {"GET", "/besoins/${need}", NULL, MEMBER, 200, NULL},
    {"GET", "/aujourdhui", NULL, FACILITATOR, 200, NULL},
    {"GET", "/nomenclature", NULL, VISITOR, 200, NULL},
    {"GET", "/compte/jetons", NULL, MEMBER, 200, NULL},
    {"GET", API "?limit=20&sort=-name", NULL, MEMBER, 200, NULL},
    {"GET", API "/${firm}", NULL, MEMBER, 200, NULL},
    {"POST", "/connexion/persona", "persona=${member}", VISITOR, 303, NULL},
    {"POST", "/besoins/nouveau", "organisation=${firm}&text=titane+grade+5,+diam%C3%A8tre+2+mm&turn=${turn}",
     MEMBER, 303, NULL},
    {"POST", "/fiches/organisation/nouvelle", "name=Atelier&visibility=space&turn=${turn}", FACILITATOR, 303,
     NULL},
    {"POST", "/fiches/organisation/${id}/modifier", "version=1&name=Autre&visibility=space&turn=${turn}",
     FACILITATOR, 303, &added},
    {"POST", API, NEW_FIRM, FACILITATOR, 201, NULL},
    {"PATCH", API "/${id}", "{\"name\":\"Autre\",\"headcount\":12}", FACILITATOR, 200, &added},
    {"DELETE", API "/${id}", NULL, FACILITATOR, 204, &added},
    {"POST", API "/${id}/restore", "{}", FACILITATOR, 200, &removed},
};
const size_t deed_count = COUNT(deeds);

const char *const finding_names[FINDINGS] = {
    "another status", "without words",          "lost", "half done", "done and told as failed",
    "not whole",      "the next one not served"};

/* --- asking ------------------------------------------------------------------------------------------ */

struct answer {
    int status;
    const char *type, *language, *location;
    struct slice body;
};

static const char *value_of(const struct stage *s, const char *name, size_t length, const char *id)
{
    const struct param values[] = {
        {"id", id}, {"firm", s->firm}, {"need", s->need}, {"member", s->session[VISITOR]}, {"turn", s->turn}};
    for (size_t i = 0; i < COUNT(values); i++)
        if (strlen(values[i].name) == length && strncmp(values[i].name, name, length) == 0)
            return values[i].value;
    abort();
}

/* With its ${names} filled in. */
static const char *filled(const struct stage *s, struct arena *a, const char *text, const char *id)
{
    struct buffer *out = buffer_new(a, MIB);
    for (const char *open; text && (open = strstr(text, "${")) != NULL; text = strchr(open, '}') + 1) {
        buffer_add(out, text, (size_t)(open - text));
        buffer_text(out, value_of(s, open + 2, strcspn(open + 2, "}"), id));
    }
    buffer_text(out, text ? text : "");
    return buffer_string(out);
}

/* Every second address is asked for in English. */
static const char *language_of(const struct deed *d)
{
    return strlen(d->target) % 2 ? "en" : "fr";
}

static struct params headers_of(const struct stage *s, struct arena *a, const struct deed *d)
{
    bool api = path_is_api(d->target);
    struct param *h = NEW(a, struct param, 8);
    size_t n = 0;
    h[n++] = (struct param){"Host", "localhost"};
    h[n++] = (struct param){"Accept-Language", language_of(d)};
    h[n++] = (struct param){"If-Match", "*"};
    h[n++] = (struct param){"Content-Type", api ? "application/json" : "application/x-www-form-urlencoded"};
    if (api)
        h[n++] = (struct param){"Authorization", arena_print(a, "Bearer %s", s->token[d->asker])};
    else
        h[n++] =
            (struct param){"Cookie", arena_print(a, "grappe_visitor=00112233445566778899aabbccddeeff%s%s",
                                                 d->asker == VISITOR ? "" : "; grappe_session=",
                                                 d->asker == VISITOR ? "" : s->session[d->asker])};
    return (struct params){h, n};
}

/* A form carries the token of the page it stands on. */
static const char *body_of(const struct stage *s, struct arena *a, const struct deed *d, const char *id)
{
    const char *body = filled(s, a, d->body, id);
    return d->body && !path_is_api(d->target) ? arena_print(a, "%s&csrf=%s", body, s->csrf[d->asker]) : body;
}

static const char *header_of(const struct response *answer, const char *name)
{
    for (size_t i = 0; i < answer->headers.count; i++)
        if (strcmp(answer->headers.at[i].name, name) == 0)
            return answer->headers.at[i].value;
    return "";
}

/* One request, in this thread; what it answers goes to `out`, which outlives its memory. */
static struct answer ask(struct stage *s, struct arena *out, const struct deed *d, const char *id)
{
    union {
        const struct router *read;
        void *given;
    } router = {server_router(s->server)};
    struct arena *a = arena_new(LIMIT_REQUEST_MEMORY);
    (void)snprintf(s->turn, sizeof s->turn, "%d", ++s->turns); /* a form sent twice is done once */
    struct request r = {.arena = a,
                        .method = d->method,
                        .address = "127.0.0.1",
                        .started_us = monotonic_us(),
                        .headers = headers_of(s, a, d)};
    request_read(&r, filled(s, a, d->target, id), slice_of(body_of(s, a, d, id)), false);
    struct response *answer = response_new(a, false);
    router_handle(router.given, &r, answer);
    struct slice body = response_finish(&r, answer);
    struct answer kept = {.status = answer->status,
                          .type = arena_print(out, "%s", answer->type),
                          .language = arena_print(out, "%s", header_of(answer, "Content-Language")),
                          .location = arena_print(out, "%s", header_of(answer, "Location")),
                          .body = {arena_text(out, body.ptr ? body.ptr : "", body.len), body.len}};
    arena_free(a);
    return kept;
}

/* --- the stage --------------------------------------------------------------------------------------- */

static void enter(struct stage *s, const struct space_info *space, enum asker who, const struct person *p)
{
    char token[API_TOKEN_TEXT + 1];
    struct token session;
    assert_ok(
        accounts_sign_in_persona(s->house, space, p->id, &(struct caller){.address = "127.0.0.1"}, &session));
    assert_ok(api_token_make(s->house, space, p->id, "faults", SCOPE_READ | SCOPE_WRITE, token));
    s->session[who] = arena_print(s->arena, "%s", session.text);
    s->token[who] = arena_print(s->arena, "%s", token);
}

/* A facilitator, and a member who acts for a firm. */
static void cast(struct stage *s)
{
    ARENA_SCOPE(work);
    const struct space_info *space = house_at(s->house, 0);
    struct persona *all = NULL;
    size_t count = 0;
    struct door *d = NULL;
    assert_ok(accounts_personas(space, work, &all, &count));
    assert_ok(door_open_program(space->space, work, &d));
    for (size_t i = 0; i < count; i++) {
        struct person person;
        struct door *own = NULL;
        assert_ok(door_load(d, person, all[i].person, &person, NULL));
        assert_ok(door_open(space->space, work, person.id, &own));
        const struct viewer *viewer = door_viewer(own);
        if (strcmp(person.role, "facilitator") == 0)
            enter(s, space, FACILITATOR, &person);
        if (strcmp(person.role, "member") != 0 || !viewer->count || s->firm)
            continue;
        enter(s, space, MEMBER, &person);
        s->firm = arena_print(s->arena, "%lld", (long long)viewer->organisations[0]);
        s->session[VISITOR] = arena_print(s->arena, "%lld", (long long)person.id); /* who comes in */
    }
    assert_true(s->firm && s->session[FACILITATOR]);
}

static const char *csrf_of(struct stage *s, enum asker who, const char *page)
{
    static const char before[] = "name=\"csrf\" value=\"";
    ARENA_SCOPE(a);
    struct answer got = ask(s, a, &(struct deed){"GET", page, NULL, who, 200, NULL}, NULL);
    const char *at = memmem(got.body.ptr, got.body.len, before, strlen(before));
    assert_non_null(at);
    return arena_text(s->arena, at + strlen(before), strcspn(at + strlen(before), "\""));
}

/* "/besoins/123?fait" → "123" */
static const char *id_in(struct arena *a, const char *location)
{
    const char *at = strrchr(location, '/');
    return at ? arena_text(a, at + 1, strspn(at + 1, "0123456789")) : "";
}

struct stage *stage_set(void)
{
    struct arena *a = arena_new(LIMIT_COMMAND_MEMORY);
    struct stage *s = NEW(a, struct stage, 1);
    s->arena = a;
    folder_new(s->folder, "requests");
    assert_ok(demo_make(s->folder));
    assert_ok(house_open(s->folder, &s->house));
    cast(s);
    s->now_us = now_us();
    clock_hold(s->now_us);
    assert_ok(server_start(a, s->house, &(struct server_options){0}, &s->server));
    s->csrf[VISITOR] = csrf_of(s, VISITOR, "/connexion");
    s->csrf[MEMBER] = csrf_of(s, MEMBER, "/besoins/nouveau");
    s->csrf[FACILITATOR] = csrf_of(s, FACILITATOR, "/fiches/organisation/nouvelle");
    struct answer made =
        ask(s, a,
            &(struct deed){"POST", "/besoins/nouveau", "organisation=${firm}&text=laiton+d%C3%A9collet%C3%A9",
                           MEMBER, 303, NULL},
            NULL);
    s->need = id_in(a, made.location);
    assert_true(*s->need);
    return s;
}

void stage_clear(struct stage *s)
{
    assert_ok(server_stop(s->server));
    house_close(s->house);
    clock_hold(0);
    folder_remove(s->folder);
    arena_free(s->arena);
}

/* --- judging ----------------------------------------------------------------------------------------- */

/* Changes of the space, and sessions: whatever a deed does adds to it. */
static int64_t effects(struct stage *s)
{
    ARENA_SCOPE(a);
    struct connection *c = NULL, *directory = NULL;
    int64_t entries = 0, sessions = 0;
    assert_ok(read_begin(space_db(house_at(s->house, 0)->space), a, &c));
    assert_ok(read_now(house_roster(s->house), a, &directory));
    assert_ok(db_integer(c, &entries, 0, BY_PROGRAM("test") "SELECT count(*) FROM journal", NO_ARGS));
    assert_ok(db_integer(directory, &sessions, 0, "SELECT count(*) FROM signed_in", NO_ARGS));
    return entries + sessions;
}

/* Runs what comes before the deed; the id that the last of it made. */
static const char *prepare(struct stage *s, struct arena *a, const struct deed *before)
{
    if (!before)
        return "";
    const char *id = prepare(s, a, before->before);
    struct answer got = ask(s, a, before, id);
    assert_int_equal(got.status, before->status);
    return *got.location ? id_in(a, got.location) : id;
}

static bool in_words(const struct deed *d, const struct answer *got)
{
    if (path_is_api(d->target))
        return strcmp(got->type, "application/problem+json") == 0 &&
               strcmp(got->language, language_of(d)) == 0 && got->body.len > 20;
    const char *mark = strcmp(language_of(d), "fr") == 0 ? "<html lang=\"fr\"" : "<html lang=\"en\"";
    return got->body.len && memmem(got->body.ptr, got->body.len, mark, strlen(mark)) != NULL;
}

/* The planted ones. */
static void weaken(struct stage *s, struct arena *a, const struct deed *d, enum weakness w,
                   struct answer *got)
{
    if (w == LIES)
        got->status = d->status;
    else if (w == LEAVES_HALF)
        (void)prepare(s, a, &removed);
    else if (w == LOSES_THE_WORD)
        got->body = S("");
    else if (w == SENDS_AWAY)
        got->status = 404;
}

static void judge(struct judgement *j, const struct deed *d, const struct answer *got, int64_t done,
                  int64_t whole)
{
    bool good = got->status == d->status;
    /* over a limit: what was sent is too much to be worked on, or a field of the form is told so */
    bool limit = d->body && (got->status == 413 || got->status == 422);
    j->found[FINDING_STATUS] += !good && !limit && got->status < 500;
    j->found[FINDING_WORDS] += !good && !in_words(d, got);
    j->found[FINDING_LOST] += good && done < whole;
    j->found[FINDING_HALF] += done != 0 && done != whole;
    j->found[FINDING_UNTOLD] += !good && whole && done == whole;
    j->refused += !good;
}

/* False: nothing failed, the deed makes fewer calls. */
static bool try_once(struct stage *s, const struct deed *d, const struct failing *f, int64_t nth, int how,
                     enum weakness w, int64_t whole, struct judgement *j)
{
    ARENA_SCOPE(a);
    (void)prepare(s, a, &removed); /* what readers have cached is out of date, and the space no larger */
    const char *id = prepare(s, a, d->before);
    int64_t before = effects(s);
    f->begin(nth, how);
    struct answer got = ask(s, a, d, id);
    bool failed = f->end();
    if (failed && got.status >= 500)
        weaken(s, a, d, w, &got);
    struct judgement was = *j;
    judge(j, d, &got, effects(s) - before, whole);
    j->asked++;
    struct answer again = ask(s, a, d, strcmp(d->method, "GET") == 0 ? id : prepare(s, a, d->before));
    j->found[FINDING_NEXT] += again.status != d->status;
    j->found[FINDING_CONTENT] +=
        strcmp(d->method, "GET") == 0 && got.status == 200 && !slice_equal(got.body, again.body);
    if (w == NO_WEAKNESS)
        for (int i = 0; i < FINDINGS; i++)
            if (j->found[i] > was.found[i])
                print_message("# %s %s, call %lld failing (%d): %s: %d, then %d\n", d->method, d->target,
                              (long long)nth, how, finding_names[i], got.status, again.status);
    return failed;
}

/* How many calls fail one by one, at most `most` tries: the distance between those that are tried. */
static int64_t calls_of(struct stage *s, const struct deed *d, const struct failing *f, int how)
{
    ARENA_SCOPE(a);
    int64_t low = 0, step = 1;
    for (bool failed = true; failed; step *= 2) { /* doubling finds the order of it */
        (void)prepare(s, a, &removed);
        const char *id = prepare(s, a, d->before);
        f->begin(low + step, how);
        (void)ask(s, a, d, id);
        failed = f->end();
        if (failed)
            low += step;
    }
    return low;
}

void deed_try(struct stage *s, const struct deed *d, const struct failing *f, int most, enum weakness w,
              struct judgement *j)
{
    ARENA_SCOPE(a);
    clock_hold(s->now_us += 2 * 60 * SECOND_US); /* so that who was here is noted once more */
    const char *id = prepare(s, a, d->before);
    int64_t before = effects(s);
    struct answer good = ask(s, a, d, id);
    assert_int_equal(good.status, d->status);
    int64_t whole = effects(s) - before;
    for (int how = 0; how < f->ways; how++) {
        int64_t step = calls_of(s, d, f, how) / most + 1;
        for (int64_t nth = 1; try_once(s, d, f, nth, how, w, whole, j); nth += step)
            ;
    }
}
