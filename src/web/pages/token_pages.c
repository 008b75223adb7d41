/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* token_pages.c - a person's tokens for programs: made, known again by their beginning, revoked. */
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/token_view.h"
#include "templates.h"

static const char *day_shown(struct arena *a, int64_t at_us)
{
    int64_t day;
    const char *iso = at_us ? instant_print(a, at_us) : NULL;
    return iso && day_parse((struct slice){iso, 10}, &day) ? day_in_words(a, day, true) : tr("never");
}

static struct fault *draw_tokens(struct request *r, struct response *answer, struct tokens_view *v)
{
    struct arena *a = r->arena;
    struct api_token *tokens = NULL;
    TRY(api_tokens_of(house_of(r), space_of(r), door_viewer(door_of(r))->person, a, &tokens, &v->count));
    struct token_line *lines = NEW(a, struct token_line, v->count + 1);
    for (size_t i = 0; i < v->count; i++)
        lines[i] = (struct token_line){
            .name = tokens[i].name,
            .prefix = tokens[i].prefix,
            .scopes = api_scopes_shown(a, tokens[i].scopes),
            .made = day_shown(a, tokens[i].created_us),
            .seen = day_shown(a, tokens[i].seen_us),
            .revoke_href = arena_print(a, "/compte/jetons/%lld/revoquer", (long long)tokens[i].id)};
    v->lines = lines;
    v->frame = frame_of(r, answer, tr("Tokens for programs"), "/compte/jetons");
    v->frame.here = "/compte/jetons";
    answer->cache = CACHE_NEVER;
    tokens_page(answer->html, v);
    return NULL;
}

static struct fault *tokens_show(struct request *r, struct response *answer)
{
    struct tokens_view v = {.scopes = SCOPE_READ};
    return draw_tokens(r, answer, &v);
}

static int scopes_posted(const struct request *r)
{
    int scopes = 0;
    for (int i = 0; api_scopes[i].code; i++)
        scopes |= (param(&r->form, api_scopes[i].code) != NULL) << i;
    return scopes;
}

/* Shown at once instead of after a redirect: the token itself is kept nowhere. */
static struct fault *token_make(struct request *r, struct response *answer)
{
    struct tokens_view v = {.name = param_text(&r->form, "name"), .scopes = scopes_posted(r)};
    char *text = NEW(r->arena, char, API_TOKEN_TEXT + 1);
    TRY(proof_check(r)); /* it lives longer than the session it is made in */
    struct fault *refused =
        api_token_make(house_of(r), space_of(r), door_viewer(door_of(r))->person, v.name, v.scopes, text);
    if (!refused) {
        v = (struct tokens_view){.fresh = text, .scopes = SCOPE_READ};
        return draw_tokens(r, answer, &v);
    }
    if (refused->code != FAULT_INVALID && refused->code != FAULT_LIMIT)
        return refused;
    v.error = arena_print(r->arena, "%s", refused->text);
    v.name_error = strcmp(refused->field, "name") == 0 ? v.error : NULL;
    v.scopes_error = strcmp(refused->field, "scopes") == 0 ? v.error : NULL;
    answer->status = 422;
    return draw_tokens(r, answer, &v);
}

static struct fault *token_revoke(struct request *r, struct response *answer)
{
    TRY(api_token_revoke(house_of(r), space_of(r), door_viewer(door_of(r))->person, request_id(r, "id")));
    flash_set(answer, "revoked", NULL);
    response_redirect(answer, "/compte/jetons");
    return NULL;
}

const struct route token_routes[] = {
    {"GET", "/compte/jetons", tokens_show, .right = ROLES_SIGNED_IN, .summary = N_("Tokens for programs")},
    {"POST", "/compte/jetons", token_make, .right = ROLES_SIGNED_IN, .writes = true, .elsewhere = true,
     .summary = N_("Make a token")},
    {"POST", "/compte/jetons/{id}/revoquer", token_revoke, .right = ROLES_SIGNED_IN, .writes = true,
     .elsewhere = true, .summary = N_("Revoke a token")},
};
const size_t token_route_count = COUNT(token_routes);
