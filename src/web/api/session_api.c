/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* session_api.c - one's open sessions, what letters one wants, and invitations, for programs.
 *
 * Written with a thief of the token in mind: nothing here opens an account, nor keeps its owner out of it. */
#include "accounts/invitations.h"
#include "api/operation.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "i18n/i18n.h"
#include "records/choices.h"

static int64_t self(const struct request *r)
{
    return door_viewer(door_of(r))->person;
}

/* Sessions. */

/* From 1 on, as enum way. */
static const char *const ways[] = {"", "password", "link", "persona", "invitation", NULL};

static const struct member session_members[] = {
    MEMBER(ID, session_line, id, NULL),
    MEMBER_AS("created", INSTANT, session_line, created_us, NULL),
    MEMBER_AS("seen", INSTANT, session_line, seen_us, N_("When it was last used.")),
    MEMBER(NAME, session_line, way, N_("How it was opened."), .names = ways),
    MEMBER(TEXT, session_line, device, NULL),
    MEMBER(TEXT, session_line, network, NULL)};
static const struct shape session_shape = SHAPE("session", session_line, session_members);
struct sessions_told {
    struct session_line *items;
    size_t count;
};
static const struct member sessions_members[] = {MEMBER(LIST, sessions_told, items, N_("Last used first."),
                                                        .of = &session_shape, COUNTED(sessions_told, count))};
static const struct shape sessions_shape = SHAPE("sessions", sessions_told, sessions_members);

static struct fault *sessions_list(struct request *r, struct response *answer)
{
    struct sessions_told told = {0};
    TRY(accounts_sessions(house_of(r), space_of(r), self(r), r->arena, &told.items, &told.count));
    shape_answer(r, answer, &sessions_shape, &told);
    return NULL;
}

/* Whoever signed in within the hour may be about to revoke this very token. */
static bool may_end(const struct session_line *l)
{
    return now_us() - l->created_us > LIMIT_PROOF_AGE_S * SECOND_US;
}

static struct fault *session_end(struct request *r, struct response *answer)
{
    struct session_line *lines = NULL;
    size_t count = 0, at = 0;
    TRY(accounts_sessions(house_of(r), space_of(r), self(r), r->arena, &lines, &count));
    while (at < count && lines[at].id != request_id(r, "id"))
        at++;
    if (at == count)
        return fault(FAULT_NOT_FOUND, "There is no such session.");
    if (!may_end(&lines[at]))
        return fault(FAULT_DENIED,
                     "A session of the last hour is ended by its person, on the page of the account.");
    TRY(accounts_session_end(house_of(r), space_of(r), self(r), lines[at].id));
    answer->status = 204;
    return NULL;
}

static struct fault *sessions_end(struct request *r, struct response *answer)
{
    struct session_line *lines = NULL;
    size_t count = 0;
    TRY(accounts_sessions(house_of(r), space_of(r), self(r), r->arena, &lines, &count));
    for (size_t i = 0; i < count; i++)
        if (may_end(&lines[i]))
            TRY(accounts_session_end(house_of(r), space_of(r), self(r), lines[i].id));
    answer->status = 204;
    return NULL;
}

/* Letters. */

struct settings_wish {
    const char *language, *digest;
};
static const char *const spoken[] = {"fr", "en", NULL};
static const char *const rates[] = {"now", "day", "week", "never", NULL};
static const struct member settings_members[] = {
    MEMBER(TEXT, settings_wish, language, N_("Of letters."), .names = spoken, .example = "fr", .maybe = true),
    MEMBER(TEXT, settings_wish, digest, N_("How often they tell what is new."), .names = rates,
           .example = "week", .maybe = true)};
static const struct shape settings_shape = SHAPE("account_settings", settings_wish, settings_members);

static struct fault *settings_choose(struct request *r, struct response *answer)
{
    struct settings_wish wish = {0};
    enum language chosen;
    if (!shape_take(r, answer, &settings_shape, &wish))
        return NULL;
    if (wish.language && language_parse(wish.language, &chosen))
        TRY(accounts_set_language(space_of(r), self(r), chosen));
    if (wish.digest)
        TRY(digest_set(space_of(r), self(r), wish.digest));
    answer->status = 204;
    return NULL;
}

/* Invitations. */

static const struct member invitation_members[] = {
    MEMBER(ID, invitation, id, NULL),
    MEMBER(TEXT, invitation, email, NULL),
    MEMBER(TEXT, invitation, role, NULL),
    MEMBER(TEXT, invitation, title, NULL),
    MEMBER(ID, invitation, organisation, NULL, .maybe = true),
    MEMBER(TEXT, invitation, organisation_name, NULL, .maybe = true),
    MEMBER(ID, invitation, inviter, NULL, .maybe = true),
    MEMBER_AS("made", INSTANT, invitation, made_us, NULL),
    MEMBER_AS("until", INSTANT, invitation, until_us, NULL),
    MEMBER(FLAG, invitation, over, NULL)};
static const struct shape invitation_shape = SHAPE("invitation", invitation, invitation_members);
struct invitations_told {
    struct invitation *items;
    size_t count;
};
static const struct member invitations_members[] = {MEMBER(LIST, invitations_told, items, N_("Newest first."),
                                                           .of = &invitation_shape,
                                                           COUNTED(invitations_told, count))};
static const struct shape invitations_shape = SHAPE("invitations", invitations_told, invitations_members);

static const struct member wish_members[] = {
    MEMBER(TEXT, invitation_wish, email, NULL, .example = "anne@example.org"),
    MEMBER(TEXT, invitation_wish, role, N_("\"member\" when it is not said."), .maybe = true),
    MEMBER(TEXT, invitation_wish, title, N_("What they do in the organisation."), .maybe = true),
    MEMBER(ID, invitation_wish, organisation, N_("That they will act for."), .maybe = true)};
static const struct shape wish_shape = SHAPE("invitation_new", invitation_wish, wish_members);

static struct fault *invitations_list(struct request *r, struct response *answer)
{
    struct invitations_told told = {0};
    TRY(invitations_of(house_of(r), space_of(r), door_of(r), &told.items, &told.count));
    shape_answer(r, answer, &invitations_shape, &told);
    return NULL;
}

/* Prepared, not sent, and its link told to nobody: it opens something once a person has it sent. */
static struct fault *invitation_prepare(struct request *r, struct response *answer)
{
    struct invitation_wish wish = {.role = "member"};
    struct invitations_told told = {0};
    struct token unused;
    if (!shape_take(r, answer, &wish_shape, &wish))
        return NULL;
    TRY(invitation_make(house_of(r), space_of(r), door_of(r), &wish, &unused));
    TRY(invitations_of(house_of(r), space_of(r), door_of(r), &told.items, &told.count));
    answer->status = 201;
    for (size_t i = 0; i < told.count; i++)
        if (told.items[i].inviter == self(r)) {
            shape_answer(r, answer, &invitation_shape, &told.items[i]);
            break;
        }
    return NULL;
}

static struct fault *invitation_drop(struct request *r, struct response *answer)
{
    TRY(invitation_withdraw(house_of(r), space_of(r), door_of(r), request_id(r, "id")));
    answer->status = 204;
    return NULL;
}

static const struct api_operation sessions = {.name = "list_sessions", .answers = &sessions_shape},
                                  end_one = {.name = "end_session"}, end_all = {.name = "end_sessions"},
                                  settings = {.name = "change_settings", .takes = &settings_shape},
                                  invitations = {.name = "list_invitations", .answers = &invitations_shape},
                                  prepare = {.name = "prepare_invitation",
                                             .takes = &wish_shape,
                                             .answers = &invitation_shape,
                                             .status = 201},
                                  withdraw = {.name = "withdraw_invitation"};

enum { INVITERS = ROLE_MEMBER | ROLE_FACILITATOR };

const struct route session_api_routes[] = {
    {"GET", API_ROOT "/sessions", sessions_list, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .api = &sessions, .summary = N_("One's open sessions")},
    {"DELETE", API_ROOT "/sessions", sessions_end, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .writes = true, .api = &end_all, .summary = N_("End one's sessions older than an hour")},
    {"DELETE", API_ROOT "/sessions/{id}", session_end, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .writes = true, .api = &end_one, .summary = N_("End one of one's sessions")},
    {"PATCH", API_ROOT "/me/settings", settings_choose, .right = ROLES_SIGNED_IN, .scopes = SCOPE_ACCOUNT,
     .writes = true, .api = &settings,
     .summary = N_("One's language, and how often one is told what is new")},
    {"GET", API_ROOT "/invitations", invitations_list, .right = INVITERS, .scopes = SCOPE_PEOPLE,
     .api = &invitations, .summary = N_("Invitations that wait")},
    {"POST", API_ROOT "/invitations", invitation_prepare, .right = INVITERS, .scopes = SCOPE_PEOPLE,
     .writes = true, .api = &prepare, .summary = N_("Prepare an invitation, which a person then sends")},
    {"DELETE", API_ROOT "/invitations/{id}", invitation_drop, .right = INVITERS, .scopes = SCOPE_PEOPLE,
     .writes = true, .api = &withdraw, .summary = N_("Withdraw an invitation")},
};
const size_t session_api_route_count = COUNT(session_api_routes);
