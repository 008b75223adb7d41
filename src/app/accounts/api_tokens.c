/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "accounts/api_tokens.h"

#include <sodium.h>
#include <string.h>

#include "accounts/internal.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "hurry/hurry.h"
#include "log/log.h"
#include "roster/api_tokens.h"
#include "roster/sessions.h"
#include "text/fold.h"

static const char mark[] = "grp_"; /* so that a token left in a file is recognised as one */
enum { PREFIX = 12, NAME_MOST = 80 };

const struct choice api_scopes[] = {{"read", N_("Read")},
                                    {"write", N_("Write")},
                                    {"account", N_("See and end my sessions and tokens")},
                                    {"people", N_("Give and take access: people, mandates, invitations")},
                                    {NULL, NULL}};

static int scope_named(struct slice name)
{
    for (int i = 0; api_scopes[i].code; i++)
        if (slice_equal(name, slice_of(api_scopes[i].code)))
            return 1 << i;
    return 0;
}

struct fault *api_scopes_read(const char *text, int *scopes)
{
    struct slice rest = slice_of(text), one;
    *scopes = 0;
    while (rest.len && slice_cut(&rest, ',', &one)) {
        int scope = scope_named(slice_trim(one));
        if (!scope)
            return fault_in("scopes",
                            fault(FAULT_INVALID, "\"%.*s\" is no scope: read, write, account, people.",
                                  (int)one.len, one.ptr));
        *scopes |= scope;
    }
    return NULL;
}

const char *api_scopes_shown(struct arena *a, int scopes)
{
    const char *shown = "";
    for (int i = 0; api_scopes[i].code; i++)
        if (scopes >> i & 1)
            shown = arena_print(a, "%s%s%s", shown, *shown ? ", " : "", tr(api_scopes[i].label));
    return shown;
}

static struct fault *check_name(const char *name)
{
    struct slice trimmed = slice_trim(slice_of(name));
    if (!trimmed.len)
        return fault_in("name", fault(FAULT_INVALID, "Say what the token is for."));
    if (utf8_length(trimmed) > NAME_MOST || !utf8_valid(trimmed) || strpbrk(name, "\r\n\t"))
        return fault_in("name", fault(FAULT_INVALID, "One line of at most %d characters.", NAME_MOST));
    return NULL;
}

static struct fault *check_count(struct house *h, const struct space_info *s, int64_t person)
{
    ARENA_SCOPE(work);
    struct api_token *all = NULL;
    size_t count = 0;
    TRY(api_tokens_of(h, s, person, work, &all, &count));
    if (count >= API_TOKENS_MOST)
        return fault(FAULT_LIMIT, "You have %d tokens already: revoke those that no longer serve.",
                     API_TOKENS_MOST);
    return NULL;
}

struct fault *api_token_make(struct house *h, const struct space_info *s, int64_t person, const char *name,
                             int scopes, char text[API_TOKEN_TEXT + 1])
{
    ARENA_SCOPE(work);
    unsigned char bits[32];
    char hash[65];
    TRY(check_name(name));
    if (!scopes)
        return fault_in("scopes", fault(FAULT_INVALID, "Say what the token may do: at least read."));
    TRY(check_count(h, s, person));
    randombytes_buf(bits, sizeof bits);
    memcpy(text, mark, sizeof mark);
    (void)sodium_bin2hex(text + sizeof mark - 1, 2 * sizeof bits + 1, bits, sizeof bits);
    token_hash(text, hash);
    const struct roster_token kept = {.id = new_id(),
                                      .person = person,
                                      .scopes = scopes,
                                      .created_us = now_us(),
                                      .name = slice_text(work, slice_trim(slice_of(name))),
                                      .prefix = arena_text(work, text, PREFIX)};
    return roster_token_add(house_roster(h), hash, s->name, &kept);
}

/* One that is none: counted, so that guessing is as slow as with passwords. */
static struct fault *refused(struct house *h, const char *address)
{
    ARENA_SCOPE(work);
    const char *network = arena_print(work, "token:%s", network_of(work, address));
    struct roster_attempts found;
    TRY(roster_attempts(house_roster(h), network, WINDOW_S, &found));
    if (found.failures >= MOST_PER_NETWORK)
        return fault(FAULT_LIMIT, "Too many attempts: try again in a quarter of an hour.");
    return roster_attempt_failed(house_roster(h), network, WINDOW_S);
}

struct fault *api_token_find(struct house *h, const struct space_info *s, const char *text,
                             const char *address, struct api_token *token)
{
    enum { MARK_AFTER_S = 60 };
    struct roster_token found = {0};
    char hash[65];
    *token = (struct api_token){0};
    token_hash(text, hash);
    if (strlen(text) == API_TOKEN_TEXT)
        TRY(roster_token_find(house_roster(h), hash, s->name, &found));
    if (!found.person)
        return refused(h, address);
    *token = (struct api_token){.id = found.id,
                                .person = found.person,
                                .scopes = (int)found.scopes,
                                .created_us = found.created_us,
                                .seen_us = found.seen_us};
    int64_t now = now_us();
    bool unmarked = now - found.seen_us > MARK_AFTER_S * SECOND_US;
    if (unmarked && !may_wait())
        return hurry_fault();
    struct fault *failed = unmarked ? roster_token_seen(house_roster(h), hash, now) : NULL;
    if (failed) /* a disk that is full is no reason not to read */
        log_fault("token seen", failed);
    return NULL;
}

struct fault *api_tokens_of(struct house *h, const struct space_info *s, int64_t person, struct arena *a,
                            struct api_token **tokens, size_t *count)
{
    struct roster_token *rows = NULL;
    TRY(roster_tokens(house_roster(h), a, s->name, person, &rows, count));
    *tokens = NEW(a, struct api_token, *count + 1);
    for (size_t i = 0; i < *count; i++)
        (*tokens)[i] =
            (struct api_token){rows[i].id,      rows[i].person, (int)rows[i].scopes, rows[i].created_us,
                               rows[i].seen_us, rows[i].name,   rows[i].prefix};
    return NULL;
}

struct fault *api_token_revoke(struct house *h, const struct space_info *s, int64_t person, int64_t id)
{
    ARENA_SCOPE(work);
    struct api_token *all = NULL;
    size_t count = 0;
    TRY(api_tokens_of(h, s, person, work, &all, &count));
    for (size_t i = 0; i < count; i++)
        if (all[i].id == id)
            return roster_token_end(house_roster(h), s->name, person, id);
    return fault(FAULT_NOT_FOUND, "There is no such token.");
}
