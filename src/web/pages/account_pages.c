/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* account_pages.c - one's own account: what one is here, how one signs in, where one is signed in. */
#include <string.h>

#include "accounts/api_tokens.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "i18n/i18n.h"
#include "pages/account_view.h"
#include "qr/qr.h"
#include "records/choices.h"
#include "templates.h"

const struct step_rule step_rules[STEP_RULES] = {
    {"nobody", N_("Whoever wants it"), 0},
    {"staff", N_("Everybody but members"), ROLES_SIGNED_IN & ~ROLE_MEMBER},
    {"all", N_("Everybody who signs in"), ROLES_SIGNED_IN},
};

static int64_t self(const struct request *r)
{
    return door_viewer(door_of(r))->person;
}

/* --- what one is here ------------------------------------------------------------------------------- */

static const char *roles_in_words(struct arena *a, int roles)
{
    const char *words = "";
    for (const struct choice *c = person_roles; c->code; c++)
        if (roles & (int)role_of_code(c->code))
            words = arena_print(a, "%s%s%s", words, *words ? ", " : "", tr(c->label));
    return words;
}

static struct fault *load_mandates(const struct request *r, struct account_view *v)
{
    struct list_page page;
    const char **names = NULL;
    TRY(door_list_of(door_of(r), &mandate_type, "person", self(r), &page));
    const struct mandate *all = page.records;
    struct mandate_line *lines = NEW(r->arena, struct mandate_line, page.count + 1);
    int64_t *ids = NEW(r->arena, int64_t, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        ids[i] = all[i].organisation;
    TRY(door_names(door_of(r), &organisation_type, ids, page.count, &names));
    for (size_t i = 0; i < page.count; i++)
        if (names[i] && viewer_acts_for(door_viewer(door_of(r)), ids[i]))
            lines[v->mandate_count++] = (struct mandate_line){
                .organisation = names[i],
                .href = arena_print(r->arena, "/structures/%lld", (long long)ids[i]),
                .title = all[i].title ? all[i].title : "",
                .until = known_integer(all[i].until) ? day_in_words(r->arena, all[i].until, false) : ""};
    v->mandates = lines;
    return NULL;
}

static struct fault *load_self(const struct request *r, struct account_view *v)
{
    struct person p;
    TRY(door_load(door_of(r), person, self(r), &p, NULL));
    v->name = p.name;
    TRY(accounts_email(space_of(r), self(r), r->arena, &v->email));
    v->email = email_hinted(r->arena, v->email);
    v->roles = roles_in_words(r->arena, r->visitor.roles);
    enum digest_rate rate;
    TRY(digest_of(space_of(r), self(r), &rate));
    v->digest = (int)rate;
    return load_mandates(r, v);
}

/* --- how one signs in ------------------------------------------------------------------------------- */

/* A link followed a moment ago stands for the password that may be forgotten. */
static bool link_is_fresh(const struct session *s)
{
    return s->way == WAY_LINK && now_us() - s->proof_us <= LIMIT_LINK_AGE_S * SECOND_US;
}

static const char *day_of_instant(struct arena *a, int64_t at_us)
{
    int64_t day;
    return day_parse((struct slice){instant_print(a, at_us), 10}, &day) ? day_in_words(a, day, false) : "";
}

static struct fault *load_ways(const struct request *r, struct account_view *v)
{
    struct second_step step;
    struct api_token *tokens = NULL;
    int roles = 0;
    TRY(accounts_has_password(house_of(r), space_of(r), self(r), &v->has_password));
    v->asks_current = v->has_password && !link_is_fresh(session_of(r));
    TRY(second_step_of(house_of(r), space_of(r), self(r), &step));
    v->step_since = step.since_us ? day_of_instant(r->arena, step.since_us) : NULL;
    v->step_codes = step.codes;
    TRY(api_tokens_of(house_of(r), space_of(r), self(r), r->arena, &tokens, &v->token_count));
    v->keeps_rule = (r->visitor.roles & ROLE_FACILITATOR) != 0;
    TRY(second_step_wanted(house_of(r), space_of(r), &roles));
    for (int i = 0; i < STEP_RULES; i++)
        if (step_rules[i].roles == roles)
            v->rule = i;
    return NULL;
}

static struct fault *load_devices(const struct request *r, struct account_view *v)
{
    static const char *const ways[] = {[WAY_PASSWORD] = N_("by password"),
                                       [WAY_LINK] = N_("by link"),
                                       [WAY_PERSONA] = N_("as a persona of the demo"),
                                       [WAY_INVITATION] = N_("by invitation")};
    struct session_line *all = NULL;
    TRY(accounts_sessions(house_of(r), space_of(r), self(r), r->arena, &all, &v->device_count));
    struct device_line *lines = NEW(r->arena, struct device_line, v->device_count + 1);
    for (size_t i = 0; i < v->device_count; i++) {
        const char *way = (size_t)all[i].way < COUNT(ways) ? ways[all[i].way] : NULL;
        lines[i] = (struct device_line){
            .device = all[i].device,
            .network = all[i].network,
            .way = way ? tr(way) : "",
            .seen = time_ago(r->arena, all[i].seen_us),
            .since = time_ago(r->arena, all[i].created_us),
            .end_href = arena_print(r->arena, "/compte/sessions/%lld/terminer", (long long)all[i].id),
            .here = all[i].id == session_of(r)->id};
    }
    v->devices = lines;
    return NULL;
}

static struct fault *draw_account(struct request *r, struct response *answer, struct account_view *v)
{
    TRY(load_self(r, v));
    TRY(load_ways(r, v));
    TRY(load_devices(r, v));
    v->frame = frame_of(r, answer, tr("My account"), "/compte");
    v->frame.here = "/compte";
    answer->cache = CACHE_NEVER;
    account_page(answer->html, v);
    return NULL;
}

static struct fault *account_show(struct request *r, struct response *answer)
{
    struct account_view v = {0};
    return draw_account(r, answer, &v);
}

/* --- password --------------------------------------------------------------------------------------- */

static struct fault *change_password(struct request *r, struct response *answer, struct caller *caller)
{
    bool has = false;
    struct token token;
    TRY(accounts_has_password(house_of(r), space_of(r), self(r), &has));
    if (has && !link_is_fresh(session_of(r)))
        TRY(accounts_check_password(house_of(r), space_of(r), self(r), param_text(&r->form, "current"),
                                    caller));
    TRY(accounts_set_password(house_of(r), space_of(r), self(r), param_text(&r->form, "password")));
    TRY(accounts_session_renew(house_of(r), space_of(r), session_of(r), caller, &token));
    response_cookie(answer, "grappe_session", token.text, 0);
    return NULL;
}

static struct fault *password_set(struct request *r, struct response *answer)
{
    struct account_view v = {0};
    struct caller caller = caller_of(r);
    TRY(proof_check(r));
    struct fault *refused = change_password(r, answer, &caller);
    if (!refused) {
        flash_set(answer, "password", NULL);
        response_redirect(answer, "/compte");
        return NULL;
    }
    if (refused->code != FAULT_INVALID && refused->code != FAULT_LIMIT)
        return refused;
    bool current = strcmp(refused->field, "current") == 0;
    *(current ? &v.current_error : &v.password_error) = refused_told(answer, refused, &caller);
    return draw_account(r, answer, &v);
}

/* --- the second step -------------------------------------------------------------------------------- */

static struct fault *draw_step(struct request *r, struct response *answer, const char *error)
{
    struct step_view v = {.error = error};
    struct step_setup setup;
    struct second_step step;
    int roles = 0;
    TRY(second_step_of(house_of(r), space_of(r), self(r), &step));
    TRY(second_step_wanted(house_of(r), space_of(r), &roles));
    v.required = (roles & r->visitor.roles) != 0;
    v.codes = step.codes;
    if (step.since_us)
        v.since = day_of_instant(r->arena, step.since_us);
    TRY(second_step_setup(house_of(r), space_of(r), self(r), r->arena, &setup));
    if (setup.uri) {
        TRY(qr_draw(r->arena, setup.uri, tr("The secret, for the camera of your telephone"), &v.qr));
        v.setup = &setup;
    }
    v.frame = frame_of(r, answer, tr("Second step"), "/compte");
    v.frame.here = "/compte";
    v.frame.narrow = true;
    answer->cache = CACHE_NEVER;
    step_page(answer->html, &v);
    return NULL;
}

static struct fault *step_show(struct request *r, struct response *answer)
{
    TRY(proof_check(r));
    return draw_step(r, answer, NULL);
}

static struct fault *step_begin(struct request *r, struct response *answer)
{
    TRY(proof_check(r));
    TRY(second_step_begin(house_of(r), space_of(r), self(r)));
    response_redirect(answer, "/compte/deux-etapes");
    return NULL;
}

/* Turned on, or new recovery codes for those there were: both with a code. */
static struct fault *step_confirm(struct request *r, struct response *answer)
{
    struct caller caller = caller_of(r);
    struct recovery recovery;
    TRY(proof_check(r));
    struct fault *refused = second_step_confirm(house_of(r), space_of(r), self(r),
                                                param_text(&r->form, "code"), &caller, &recovery);
    if (!refused)
        return recovery_show(r, answer, &recovery, "/compte");
    if (refused->code != FAULT_INVALID && refused->code != FAULT_LIMIT)
        return refused;
    return draw_step(r, answer, refused_told(answer, refused, &caller));
}

static struct fault *step_stop(struct request *r, struct response *answer)
{
    TRY(proof_check(r));
    TRY(second_step_end(house_of(r), space_of(r), self(r)));
    flash_set(answer, "step_off", NULL);
    response_redirect(answer, "/compte");
    return NULL;
}

/* Whoever requires it of others has it. */
static struct fault *rule_set(struct request *r, struct response *answer)
{
    const char *code = param_text(&r->form, "rule");
    const struct step_rule *rule = NULL;
    TRY(proof_check(r));
    for (int i = 0; i < STEP_RULES; i++)
        if (strcmp(step_rules[i].code, code) == 0)
            rule = &step_rules[i];
    if (!rule)
        return fault_in("rule", fault(FAULT_INVALID, "Say of whom the second step is required."));
    if (rule->roles && session_of(r)->factors < 2)
        return fault(FAULT_DENIED, "Set up your own second step first, and sign in with it.");
    TRY(second_step_want(house_of(r), space_of(r), rule->roles));
    flash_set(answer, "step_rule", NULL);
    response_redirect(answer, "/compte");
    return NULL;
}

/* --- sessions, language ----------------------------------------------------------------------------- */

static struct fault *session_end(struct request *r, struct response *answer)
{
    TRY(accounts_session_end(house_of(r), space_of(r), self(r), request_id(r, "id")));
    flash_set(answer, "session_ended", NULL);
    response_redirect(answer, "/compte#sessions");
    return NULL;
}

static struct fault *sessions_end(struct request *r, struct response *answer)
{
    TRY(accounts_sessions_end(house_of(r), space_of(r), self(r), session_of(r)->id));
    flash_set(answer, "sessions_ended", NULL);
    response_redirect(answer, "/compte#sessions");
    return NULL;
}

static struct fault *language_choose(struct request *r, struct response *answer)
{
    enum { YEAR_S = 365 * 24 * 3600 };
    enum language chosen;
    if (!language_parse(param_text(&r->form, "language"), &chosen))
        return fault_in("language", fault(FAULT_INVALID, "Say which language: fr or en."));
    TRY(accounts_set_language(space_of(r), self(r), chosen));
    response_cookie(answer, "grappe_lang", language_code(chosen), YEAR_S);
    flash_set(answer, "saved", NULL);
    response_redirect(answer, "/compte");
    return NULL;
}

const struct route account_routes[] = {
    {"GET", "/compte", account_show, .right = ROLES_SIGNED_IN, .summary = N_("My account")},
    {"POST", "/compte/mot-de-passe", password_set, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("Set or change one's password")},
    {"GET", "/compte/deux-etapes", step_show, .right = ROLES_SIGNED_IN,
     .summary = N_("One's second step at sign-in")},
    {"POST", "/compte/deux-etapes", step_confirm, .right = ROLES_SIGNED_IN, .writes = true, .elsewhere = true,
     .summary = N_("Turn the second step on, or make new recovery codes")},
    {"POST", "/compte/deux-etapes/commencer", step_begin, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("Begin to set the second step up")},
    {"POST", "/compte/deux-etapes/arreter", step_stop, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("Turn the second step off")},
    {"POST", "/compte/deux-etapes/regle", rule_set, .right = ROLE_FACILITATOR, .writes = true,
     .elsewhere = true, .summary = N_("Of whom the space requires the second step")},
    {"POST", "/compte/sessions/{id}/terminer", session_end, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("End one of one's sessions")},
    {"POST", "/compte/sessions/terminer", sessions_end, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("End every other session")},
    {"POST", "/compte/langue", language_choose, .right = ROLES_SIGNED_IN, .writes = true, .elsewhere = true,
     .summary = N_("One's language")},
};
const size_t account_route_count = COUNT(account_routes);
