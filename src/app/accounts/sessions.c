/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sessions.c - tokens and the sessions behind them: from where, since when, how proved. */
#include <sodium.h>
#include <string.h>

#include "accounts/internal.h"
#include "accounts/second_step.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "roster/roster.h"
#include "roster/second_steps.h"
#include "roster/sessions.h"

void token_draw(struct token *token, char hash[65])
{
    unsigned char bits[TOKEN_TEXT / 2];
    randombytes_buf(bits, sizeof bits);
    (void)sodium_bin2hex(token->text, sizeof token->text, bits, sizeof bits);
    token_hash(token->text, hash);
}

/* --- devices and networks in words ------------------------------------------------------------------ */

struct mark {
    const char *in, *words;
};

static const char *first_of(const struct mark *marks, size_t count, const char *agent)
{
    for (size_t i = 0; agent && i < count; i++)
        if (strstr(agent, marks[i].in))
            return marks[i].words;
    return NULL;
}

/* In this order: many browsers name others whose pages they also show. */
static const struct mark browsers[] = {
    {"Edg", "Edge"},        {"OPR/", "Opera"},   {"SamsungBrowser", "Samsung"}, {"FxiOS", "Firefox"},
    {"Firefox", "Firefox"}, {"CriOS", "Chrome"}, {"Chromium", "Chromium"},      {"Chrome", "Chrome"},
    {"Safari", "Safari"},   {"curl", "curl"}};
static const struct mark systems[] = {{"iPhone", "iPhone"},   {"iPad", "iPad"},  {"Android", "Android"},
                                      {"Windows", "Windows"}, {"Mac OS", "Mac"}, {"CrOS", "ChromeOS"},
                                      {"Linux", "Linux"}};

const char *device_words(struct arena *a, const char *agent)
{
    const char *browser = first_of(browsers, COUNT(browsers), agent);
    const char *system = first_of(systems, COUNT(systems), agent);
    if (!browser && !system)
        return "";
    return arena_print(a, "%s%s%s", browser ? browser : "", browser && system ? " · " : "",
                       system ? system : "");
}

/* --- sessions --------------------------------------------------------------------------------------- */

struct fault *open_session(struct house *h, const struct space_info *s, int64_t person, enum way way,
                           int factors, const struct caller *caller, struct token *token)
{
    ARENA_SCOPE(work);
    char hash[65];
    int64_t now = now_us();
    token_draw(token, hash);
    const struct roster_session kept = {.id = new_id(),
                                        .person = person,
                                        .created_us = now,
                                        .seen_us = now,
                                        .proof_us = now,
                                        .way = way,
                                        .factors = factors,
                                        .device = device_words(work, caller->agent),
                                        .network = network_of(work, caller->address)};
    return roster_session_add(house_roster(h), hash, s->name, &kept);
}

struct fault *may_enter(const struct space_info *s, int64_t person, bool *may, int *roles)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    TRY(door_open(s->space, work, person, &d));
    *may = viewer_signed_in(door_viewer(d));
    if (roles)
        *roles = door_viewer(d)->roles;
    return NULL;
}

struct fault *passed_first(struct house *h, const struct space_info *s, int64_t person, enum way way,
                           const struct caller *caller, struct entry *entry)
{
    ARENA_SCOPE(work);
    struct roster_step step;
    int64_t wanted = 0, now = now_us();
    bool may = false;
    int roles = 0;
    TRY(roster_step_find(house_roster(h), work, s->name, person, &step));
    TRY(roster_second_step_wanted(house_roster(h), s->name, &wanted));
    TRY(may_enter(s, person, &may, &roles));
    entry->awaits_step = step.since_us || (roles & wanted);
    if (!entry->awaits_step)
        return open_session(h, s, person, way, 1, caller, &entry->token);
    if (!step.since_us)
        TRY(second_step_begin(h, s, person));
    char hash[65];
    token_draw(&entry->token, hash);
    const struct roster_pass pass = {.person = person,
                                     .way = way,
                                     .made_us = now,
                                     .until_us = now + LIMIT_STEP_AGE_S * SECOND_US,
                                     .device = device_words(work, caller->agent),
                                     .back = ""};
    return roster_pass_add(house_roster(h), hash, "step", s->name, &pass);
}

static bool is_open(int64_t now, int64_t created_us, int64_t seen_us)
{
    return now - created_us <= LIMIT_SESSION_AGE_S * SECOND_US &&
           now - seen_us <= LIMIT_SESSION_IDLE_S * SECOND_US;
}

struct fault *accounts_session(struct house *h, const struct space_info *s, const char *token,
                               struct session *session)
{
    enum { MARK_AFTER_S = 60 };
    struct roster_session found;
    char hash[65];
    *session = (struct session){0};
    if (strlen(token) != TOKEN_TEXT)
        return NULL;
    token_hash(token, hash);
    TRY(roster_session_find(house_roster(h), hash, s->name, &found));
    int64_t now = now_us();
    if (found.person && is_open(now, found.created_us, found.seen_us))
        *session = (struct session){.person = found.person,
                                    .id = found.id,
                                    .proof_us = found.proof_us,
                                    .way = (enum way)found.way,
                                    .factors = (int)found.factors,
                                    .wanted = (int)found.wanted,
                                    .unmarked = now - found.seen_us > MARK_AFTER_S * SECOND_US};
    return NULL;
}

struct fault *accounts_session_seen(struct house *h, const char *token)
{
    char hash[65];
    token_hash(token, hash);
    return roster_session_seen(house_roster(h), hash, now_us());
}

struct fault *accounts_session_proved(struct house *h, const char *token)
{
    char hash[65];
    token_hash(token, hash);
    return roster_session_proved(house_roster(h), hash, now_us());
}

struct fault *accounts_sign_out(struct house *h, const char *token)
{
    char hash[65];
    token_hash(token, hash);
    return roster_session_end(house_roster(h), hash);
}

struct fault *accounts_sessions(struct house *h, const struct space_info *s, int64_t person, struct arena *a,
                                struct session_line **lines, size_t *count)
{
    struct roster_session *all = NULL;
    size_t kept = 0;
    int64_t now = now_us();
    TRY(roster_sessions(house_roster(h), a, s->name, person, &all, &kept));
    *lines = NEW(a, struct session_line, kept + 1);
    *count = 0;
    for (size_t i = 0; i < kept; i++)
        if (is_open(now, all[i].created_us, all[i].seen_us))
            (*lines)[(*count)++] = (struct session_line){
                .id = all[i].id,
                .created_us = all[i].created_us,
                .seen_us = all[i].seen_us,
                .way = (enum way)all[i].way,
                .device = *all[i].device ? all[i].device : tr("an unknown device"),
                .network = arena_print(a, strchr(all[i].network, ':') ? "%s…" : "%sx", all[i].network)};
    return NULL;
}

struct fault *accounts_session_end(struct house *h, const struct space_info *s, int64_t person, int64_t id)
{
    return roster_session_end_one(house_roster(h), s->name, person, id);
}

struct fault *accounts_sessions_end(struct house *h, const struct space_info *s, int64_t person,
                                    int64_t except)
{
    TRY(roster_sessions_end(house_roster(h), s->name, person, except));
    return except ? NULL : roster_passes_end(house_roster(h), s->name, person);
}

struct fault *accounts_session_renew(struct house *h, const struct space_info *s,
                                     const struct session *before, const struct caller *caller,
                                     struct token *token)
{
    return open_session(h, s, before->person, before->way, before->factors, caller, token);
}

struct fault *accounts_follow(struct house *h, const struct space_info *s, const struct record_type *type,
                              const void *record, bool gone)
{
    const struct person *p = record;
    bool closed = type == &person_type && (gone || p->active == FLAG_NO);
    return closed ? accounts_sessions_end(h, s, p->id, 0) : NULL;
}
