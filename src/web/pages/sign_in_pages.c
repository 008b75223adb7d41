/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* sign_in_pages.c - coming in, by password, link, code or persona; confirming that it is still oneself; going
 * out. */
#include <stdlib.h>
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/sign_in_view.h"
#include "qr/qr.h"
#include "templates.h"

static const char step_cookie[] = "grappe_step";

/* The page wanted, as the address or the form has it; NULL: none, or not one of ours. */
static const char *back_of(const struct request *r)
{
    const char *back = param(&r->query, "retour");
    if (!back)
        back = param(&r->form, "retour");
    return back && *back && path_is_local(back) ? back : NULL;
}

/* In the arena; NULL stays NULL. A refusal that the form itself shows: with its status. */
static struct fault *shown_in_form(struct response *answer, const struct caller *caller,
                                   struct fault *refused, const char **words)
{
    if (!refused)
        return NULL;
    if (refused->code != FAULT_DENIED && refused->code != FAULT_LIMIT && refused->code != FAULT_INVALID)
        return refused;
    *words = refused_told(answer, refused, caller);
    return NULL;
}

/* --- by password, or as a persona ------------------------------------------------------------------- */

static struct fault *draw_sign_in(struct request *r, struct response *answer, const char *email,
                                  const char *error)
{
    struct sign_in_view v = {.email = email, .error = error, .back = back_of(r)};
    struct persona *personas = NULL;
    v.frame = frame_of(r, answer, tr("Sign in"), NULL);
    if (space_of(r)->demo && address_is_loopback(r->address))
        TRY(accounts_personas(space_of(r), r->arena, &personas, &v.persona_count));
    v.personas = personas;
    answer->cache = CACHE_NEVER;
    sign_in_page(answer->html, &v);
    return NULL;
}

static struct fault *sign_in_form(struct request *r, struct response *answer)
{
    return draw_sign_in(r, answer, NULL, NULL);
}

/* With a new token each time; a session this browser had before ends. */
static struct fault *keep_session(struct request *r, struct response *answer, const struct token *token)
{
    const char *before = param(&r->cookies, "grappe_session");
    if (before && *before)
        TRY(accounts_sign_out(house_of(r), before));
    response_cookie(answer, "grappe_session", token->text, 0);
    return NULL;
}

static struct fault *enter(struct request *r, struct response *answer, const struct token *token,
                           const char *back)
{
    TRY(keep_session(r, answer, token));
    response_redirect(answer, back ? back : "/aujourdhui");
    return NULL;
}

static struct fault *go_on(struct request *r, struct response *answer, const struct entry *entry,
                           const char *back)
{
    if (!entry->awaits_step)
        return enter(r, answer, &entry->token, back);
    response_cookie(answer, step_cookie, entry->token.text, 0);
    response_redirect(answer, url_with(r->arena, "/connexion/code", "retour", back));
    return NULL;
}

static struct fault *sign_in(struct request *r, struct response *answer)
{
    struct entry entry;
    struct caller caller = caller_of(r);
    const char *email = param_text(&r->form, "email"), *error = NULL;
    TRY(shown_in_form(
        answer, &caller,
        accounts_sign_in(house_of(r), space_of(r), email, param_text(&r->form, "password"), &caller, &entry),
        &error));
    return error ? draw_sign_in(r, answer, email, error) : go_on(r, answer, &entry, back_of(r));
}

static struct fault *sign_in_persona(struct request *r, struct response *answer)
{
    struct token token;
    const struct caller caller = caller_of(r);
    int64_t person = strtoll(param_text(&r->form, "persona"), NULL, 10);
    TRY(accounts_sign_in_persona(house_of(r), space_of(r), person, &caller, &token));
    return enter(r, answer, &token, back_of(r));
}

static struct fault *sign_out(struct request *r, struct response *answer)
{
    const char *token = param(&r->cookies, "grappe_session");
    if (token)
        TRY(accounts_sign_out(house_of(r), token));
    response_cookie(answer, "grappe_session", "", -1);
    flash_set(answer, "signed_out", NULL);
    response_redirect(answer, "/connexion");
    return NULL;
}

/* --- by link ---------------------------------------------------------------------------------------- */

static struct fault *ask_link(struct request *r, struct response *answer)
{
    struct caller caller = caller_of(r);
    const char *email = param_text(&r->form, "email"), *error = NULL;
    int64_t person = door_viewer(door_of(r))->person;
    if (person && !*email) /* to one's own address, to prove who one is */
        TRY(accounts_email(space_of(r), person, r->arena, &email));
    email = email ? email : "";
    TRY(shown_in_form(answer, &caller, link_ask(house_of(r), space_of(r), email, back_of(r), &caller),
                      &error));
    if (error)
        return draw_sign_in(r, answer, email, error);
    response_redirect(answer, "/connexion/lien");
    return NULL;
}

static struct fault *link_sent(struct request *r, struct response *answer)
{
    struct link_view v = {.mails = post_leaves(house_post(house_of(r)))};
    v.frame = frame_of(r, answer, tr("A link is on its way"), NULL);
    v.frame.narrow = true;
    link_sent_page(answer->html, &v);
    return NULL;
}

static void draw_link(struct request *r, struct response *answer, struct link_view *v)
{
    v->frame = frame_of(r, answer, tr("Sign in on this device"), NULL);
    v->frame.narrow = true;
    answer->cache = CACHE_NEVER;
    link_page(answer->html, v);
}

/* Says why it is good no more, as a page of its own with the way to another one. */
static struct fault *link_gone(struct request *r, struct response *answer, struct fault *failed)
{
    if (failed->code != FAULT_NOT_FOUND)
        return failed;
    struct link_view v = {.gone = arena_print(r->arena, "%s", failed->text)};
    answer->status = 410;
    draw_link(r, answer, &v);
    return NULL;
}

static struct fault *link_show(struct request *r, struct response *answer)
{
    struct link link;
    const char *token = request_part(r, "token");
    struct fault *failed = link_look(house_of(r), space_of(r), token, r->arena, &link);
    if (failed)
        return link_gone(r, answer, failed);
    const char *own = device_words(r->arena, request_header(r, "User-Agent"));
    struct link_view v = {.name = link.name,
                          .action = url(r->arena, "/lien/%s", token),
                          .own_device = *own ? own : NULL,
                          .asked =
                              arena_print(r->arena, "%s, %s", time_ago(r->arena, link.made_us), link.device)};
    draw_link(r, answer, &v);
    return NULL;
}

static struct fault *link_use(struct request *r, struct response *answer)
{
    struct entry entry;
    const struct caller caller = caller_of(r);
    struct fault *failed =
        link_take(house_of(r), space_of(r), request_part(r, "token"), r->arena, &caller, &entry);
    return failed ? link_gone(r, answer, failed) : go_on(r, answer, &entry, entry.back);
}

/* --- the second step -------------------------------------------------------------------------------- */

static struct fault *draw_code(struct request *r, struct response *answer, const struct step_pass *pass,
                               const char *error)
{
    struct step_setup setup;
    struct code_view v = {.error = error, .back = back_of(r)};
    v.frame = frame_of(r, answer, pass->set_up ? tr("Set up your second step") : tr("Your code"), NULL);
    if (pass->set_up) {
        TRY(second_step_setup(house_of(r), space_of(r), pass->person, r->arena, &setup));
        TRY(qr_draw(r->arena, setup.uri, tr("The secret, for the camera of your telephone"), &v.qr));
        v.setup = &setup;
    }
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    code_page(answer->html, &v);
    return NULL;
}

/* The pass behind the cookie; *pass NULL: it is good no more, and the answer leads to the beginning. */
static struct fault *find_pass(struct request *r, struct response *answer, struct step_pass *pass,
                               const char **token)
{
    *token = param(&r->cookies, step_cookie);
    struct fault *failed = second_step_look(house_of(r), space_of(r), *token ? *token : "", pass);
    if (failed && failed->code == FAULT_NOT_FOUND) {
        *token = NULL;
        response_redirect(answer, url_with(r->arena, "/connexion", "retour", back_of(r)));
        return NULL;
    }
    return failed;
}

static struct fault *code_form(struct request *r, struct response *answer)
{
    struct step_pass pass;
    const char *token = NULL;
    TRY(find_pass(r, answer, &pass, &token));
    return token ? draw_code(r, answer, &pass, NULL) : NULL;
}

struct fault *recovery_show(const struct request *r, struct response *answer, const struct recovery *recovery,
                            const char *next_href)
{
    struct recovery_view v = {.recovery = recovery, .next_href = next_href};
    v.frame = frame_of(r, answer, tr("Your recovery codes"), NULL);
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    recovery_page(answer->html, &v);
    return NULL;
}

static struct fault *code_enter(struct request *r, struct response *answer)
{
    struct caller caller = caller_of(r);
    struct step_pass pass;
    struct token session;
    struct recovery recovery;
    const char *token = NULL, *error = NULL;
    TRY(find_pass(r, answer, &pass, &token));
    if (!token)
        return NULL;
    TRY(shown_in_form(answer, &caller,
                      second_step_enter(house_of(r), space_of(r), token, param_text(&r->form, "code"),
                                        &caller, &session, &recovery),
                      &error));
    if (error)
        return draw_code(r, answer, &pass, error);
    response_cookie(answer, step_cookie, "", -1);
    if (!pass.set_up)
        return enter(r, answer, &session, back_of(r));
    TRY(keep_session(r, answer, &session));
    return recovery_show(r, answer, &recovery, back_of(r) ? back_of(r) : "/aujourdhui");
}

/* --- still oneself? --------------------------------------------------------------------------------- */

static struct fault *draw_proof(struct request *r, struct response *answer, const char *error)
{
    int64_t person = door_viewer(door_of(r))->person;
    struct proof_view v = {.error = error, .back = back_of(r)};
    struct second_step step;
    TRY(accounts_has_password(house_of(r), space_of(r), person, &v.by_password));
    TRY(second_step_of(house_of(r), space_of(r), person, &step));
    TRY(accounts_email(space_of(r), person, r->arena, &v.email));
    v.email = email_hinted(r->arena, v.email);
    v.by_code = step.since_us != 0;
    v.by_button = session_of(r)->way == WAY_PERSONA;
    v.frame = frame_of(r, answer, tr("Is it you?"), NULL);
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    proof_page(answer->html, &v);
    return NULL;
}

static struct fault *proof_form(struct request *r, struct response *answer)
{
    return draw_proof(r, answer, NULL);
}

static struct fault *check_proof(struct request *r, struct caller *caller)
{
    int64_t person = door_viewer(door_of(r))->person;
    const char *code = param(&r->form, "code");
    if (session_of(r)->way == WAY_PERSONA)
        return address_is_loopback(r->address) ? NULL : fault(FAULT_DENIED, "Sign in again.");
    return code ? second_step_check(house_of(r), space_of(r), person, code, caller)
                : accounts_check_password(house_of(r), space_of(r), person, param_text(&r->form, "password"),
                                          caller);
}

static struct fault *prove(struct request *r, struct response *answer)
{
    struct caller caller = caller_of(r);
    const char *error = NULL;
    TRY(shown_in_form(answer, &caller, check_proof(r, &caller), &error));
    if (error)
        return draw_proof(r, answer, error);
    TRY(accounts_session_proved(house_of(r), r->visitor.session));
    flash_set(answer, "proved", NULL);
    response_redirect(answer, back_of(r) ? back_of(r) : "/compte");
    return NULL;
}

const struct route sign_in_routes[] = {
    {"GET", "/connexion", sign_in_form, .right = ROLES_ANYONE, .summary = N_("Sign in")},
    {"POST", "/connexion", sign_in, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Sign in")},
    {"POST", "/connexion/persona", sign_in_persona, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Enter a demo as one of its people")},
    {"GET", "/connexion/lien", link_sent, .right = ROLES_ANYONE, .summary = N_("A link is on its way")},
    {"POST", "/connexion/lien", ask_link, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Ask for a link by mail")},
    {"GET", "/lien/{token}", link_show, .right = ROLES_ANYONE, .summary = N_("What a link will do")},
    {"POST", "/lien/{token}", link_use, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Sign in with a link")},
    {"GET", "/connexion/code", code_form, .right = ROLES_ANYONE,
     .summary = N_("The code of the second step")},
    {"POST", "/connexion/code", code_enter, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Sign in with the code of the second step")},
    {"GET", "/connexion/preuve", proof_form, .right = ROLES_SIGNED_IN, .summary = N_("Confirm who one is")},
    {"POST", "/connexion/preuve", prove, .right = ROLES_SIGNED_IN, .writes = true, .elsewhere = true,
     .summary = N_("Confirm who one is")},
    {"POST", "/deconnexion", sign_out, .right = ROLES_ANYONE, .writes = true, .elsewhere = true,
     .summary = N_("Sign out")},
};
const size_t sign_in_route_count = COUNT(sign_in_routes);
