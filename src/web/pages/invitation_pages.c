/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* invitation_pages.c - inviting, and being invited. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/invitation_view.h"
#include "records/choices.h"
#include "templates.h"

static const char *role_label(const char *code)
{
    for (const struct choice *c = person_roles; c->code; c++)
        if (strcmp(c->code, code) == 0)
            return tr(c->label);
    return "";
}

/* "Member, quality engineer · Décolletage Exemple" */
static const char *what_of(struct arena *a, const struct invitation *i)
{
    return arena_print(a, "%s%s%s%s%s", role_label(i->role), *i->title ? ", " : "", i->title,
                       i->organisation_name ? " · " : "", i->organisation_name ? i->organisation_name : "");
}

static const char *day_of_instant(struct arena *a, int64_t at_us)
{
    int64_t day;
    return day_parse((struct slice){instant_print(a, at_us), 10}, &day) ? day_in_words(a, day, false) : "";
}

static struct fault *load_lines(const struct request *r, struct invitations_view *v)
{
    struct arena *a = r->arena;
    struct invitation *all = NULL;
    TRY(invitations_of(house_of(r), space_of(r), door_of(r), &all, &v->count));
    struct invitation_line *lines = NEW(a, struct invitation_line, v->count + 1);
    for (size_t i = 0; i < v->count; i++)
        lines[i] = (struct invitation_line){
            .email = all[i].email,
            .what = what_of(a, &all[i]),
            .when = arena_print(a, all[i].over ? tr("ended on %s") : tr("good until %s"),
                                day_of_instant(a, all[i].until_us)),
            .again_href = arena_print(a, "/invitations/%lld/renvoyer", (long long)all[i].id),
            .withdraw_href = arena_print(a, "/invitations/%lld/retirer", (long long)all[i].id),
            .over = all[i].over};
    v->lines = lines;
    return NULL;
}

/* Of a facilitator all, by name; of a member those they act for. */
static struct fault *load_organisations(const struct request *r, struct invitations_view *v)
{
    enum { PAGES = 10 };
    const struct viewer *viewer = door_viewer(door_of(r));
    int64_t chosen =
        strtoll(param_text(strcmp(r->method, "GET") == 0 ? &r->query : &r->form, "structure"), NULL, 10);
    struct organisation_choice *choices = NEW(r->arena, struct organisation_choice, PAGES * LIMIT_LIST_ROWS);
    struct list_request asked = {.type = &organisation_type, .sort = "name", .per_page = LIMIT_LIST_ROWS};
    struct list_page page = {.count = LIMIT_LIST_ROWS};
    for (asked.page = 1; asked.page <= PAGES && page.count == LIMIT_LIST_ROWS; asked.page++) {
        TRY(door_list(door_of(r), &asked, &page));
        const struct organisation *found = page.records;
        for (size_t i = 0; i < page.count; i++)
            if (v->gives_roles || viewer_acts_for(viewer, found[i].id))
                choices[v->organisation_count++] =
                    (struct organisation_choice){found[i].id, found[i].name, found[i].id == chosen};
    }
    v->organisations = choices;
    return NULL;
}

static struct fault *draw_invitations(struct request *r, struct response *answer, struct invitations_view *v)
{
    v->gives_roles = (r->visitor.roles & ROLE_FACILITATOR) != 0;
    TRY(load_lines(r, v));
    TRY(load_organisations(r, v));
    if (proof_check(r))
        v->prove_href = url_with(r->arena, "/connexion/preuve", "retour", "/invitations");
    v->frame = frame_of(r, answer, tr("Invitations"), "/invitations");
    v->frame.here = "/invitations";
    answer->cache = CACHE_NEVER;
    invitations_page(answer->html, v);
    return NULL;
}

static struct fault *invitations_show(struct request *r, struct response *answer)
{
    struct invitations_view v = {.role = "member"};
    return draw_invitations(r, answer, &v);
}

/* Where no mail leaves, a facilitator hands the link on; others have it sent, on the console if need be. */
static struct token *handed_on(const struct request *r, struct token *token)
{
    bool sent = post_leaves(house_post(house_of(r))) || !(r->visitor.roles & ROLE_FACILITATOR);
    return sent ? NULL : token;
}

static struct fault *tell(struct request *r, struct response *answer, const struct token *token)
{
    if (!token) {
        flash_set(answer, "invited", NULL);
        response_redirect(answer, "/invitations");
        return NULL;
    }
    struct invitations_view v = {.role = "member",
                                 .fresh = invitation_url(house_of(r), space_of(r), r->arena, token)};
    return draw_invitations(r, answer, &v);
}

static struct fault *invite(struct request *r, struct response *answer)
{
    const char *role = param(&r->form, "role");
    struct token drawn, *token = handed_on(r, &drawn);
    struct invitation_wish wish = {.email = param_text(&r->form, "email"),
                                   .role = role ? role : "member",
                                   .title = param_text(&r->form, "title"),
                                   .organisation = strtoll(param_text(&r->form, "structure"), NULL, 10)};
    TRY(proof_check(r));
    struct fault *refused = invitation_make(house_of(r), space_of(r), door_of(r), &wish, token);
    if (!refused)
        return tell(r, answer, token);
    if (refused->code != FAULT_INVALID && refused->code != FAULT_LIMIT)
        return refused;
    struct invitations_view v = {.email = wish.email, .role = wish.role, .title = wish.title};
    v.error = arena_print(r->arena, "%s", refused->text);
    v.field = arena_print(r->arena, "%s", refused->field);
    answer->status = 422;
    return draw_invitations(r, answer, &v);
}

static struct fault *invite_again(struct request *r, struct response *answer)
{
    struct token drawn, *token = handed_on(r, &drawn);
    TRY(proof_check(r));
    TRY(invitation_again(house_of(r), space_of(r), door_of(r), request_id(r, "id"), token));
    return tell(r, answer, token);
}

static struct fault *withdraw(struct request *r, struct response *answer)
{
    TRY(invitation_withdraw(house_of(r), space_of(r), door_of(r), request_id(r, "id")));
    flash_set(answer, "withdrawn", NULL);
    response_redirect(answer, "/invitations");
    return NULL;
}

/* --- being invited ---------------------------------------------------------------------------------- */

static void draw_invitation(struct request *r, struct response *answer, struct invitation_view *v)
{
    v->frame = frame_of(r, answer, tr("Your invitation"), NULL);
    v->frame.narrow = true;
    answer->cache = CACHE_NEVER;
    invitation_page(answer->html, v);
}

static struct fault *invitation_draw(struct request *r, struct response *answer, struct invitation_view *v)
{
    struct invitation i;
    const char *token = request_part(r, "token");
    struct fault *failed = invitation_look(house_of(r), space_of(r), token, r->arena, &i, &v->known);
    if (failed && failed->code != FAULT_NOT_FOUND)
        return failed;
    if (failed) {
        v->gone = arena_print(r->arena, "%s", failed->text);
        answer->status = 410;
    } else {
        v->action = url(r->arena, "/invitation/%s", token);
        v->organisation = i.organisation_name;
        v->role = role_label(i.role);
        v->title = *i.title ? i.title : NULL;
        v->inviter = i.inviter_name;
        v->until = day_of_instant(r->arena, i.until_us);
        v->email = i.email;
    }
    draw_invitation(r, answer, v);
    return NULL;
}

static struct fault *invitation_show(struct request *r, struct response *answer)
{
    struct invitation_view v = {0};
    return invitation_draw(r, answer, &v);
}

static struct fault *arrive(struct request *r, struct response *answer, const struct entry *entry)
{
    if (entry->awaits_step) {
        response_cookie(answer, "grappe_step", entry->token.text, 0);
        response_redirect(answer, "/connexion/code");
    } else if (*entry->token.text) {
        response_cookie(answer, "grappe_session", entry->token.text, 0);
        flash_set(answer, "welcome", NULL);
        response_redirect(answer, "/aujourdhui");
    } else {
        flash_set(answer, "joined", NULL);
        response_redirect(answer, door_viewer(door_of(r))->person ? "/compte" : "/connexion");
    }
    return NULL;
}

static struct fault *invitation_take(struct request *r, struct response *answer)
{
    struct entry entry;
    const struct caller caller = caller_of(r);
    struct invitation_view v = {.name = param_text(&r->form, "name")};
    struct fault *refused = invitation_accept(house_of(r), space_of(r), request_part(r, "token"), v.name,
                                              param_text(&r->form, "password"), &caller, &entry);
    if (!refused)
        return arrive(r, answer, &entry);
    if (refused->code != FAULT_INVALID && refused->code != FAULT_NOT_FOUND)
        return refused;
    v.error = arena_print(r->arena, "%s", refused->text);
    v.field = arena_print(r->arena, "%s", refused->field);
    answer->status = 422;
    return invitation_draw(r, answer, &v);
}

const struct route invitation_routes[] = {
    {"GET", "/invitations", invitations_show, .right = ROLE_MEMBER | ROLE_FACILITATOR,
     .summary = N_("Invitations that wait")},
    {"POST", "/invitations", invite, .right = ROLE_MEMBER | ROLE_FACILITATOR, .writes = true,
     .elsewhere = true, .summary = N_("Invite somebody")},
    {"POST", "/invitations/{id}/renvoyer", invite_again, .right = ROLE_MEMBER | ROLE_FACILITATOR,
     .writes = true, .elsewhere = true, .summary = N_("Send an invitation again")},
    {"POST", "/invitations/{id}/retirer", withdraw, .right = ROLE_MEMBER | ROLE_FACILITATOR, .writes = true,
     .elsewhere = true, .summary = N_("Withdraw an invitation")},
    {"GET", "/invitation/{token}", invitation_show, .right = ROLES_ANYONE,
     .summary = N_("What an invitation leads to")},
    {"POST", "/invitation/{token}", invitation_take, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Accept an invitation")},
};
const size_t invitation_route_count = COUNT(invitation_routes);
