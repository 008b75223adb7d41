/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* agreement_pages.c - the confidentiality agreement of introductions: a version of it, and the next. */
#include "pages/agreement_view.h"

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/agreements.h"
#include "templates.h"

#define AGREEMENT_PATH "/accord-de-confidentialite"

static struct fault *draw(struct request *r, struct response *answer, const struct agreement *shown,
                          const struct agreement *next, const struct form_state *state)
{
    struct agreement newest;
    struct form_options *options = NULL;
    struct agreement_view v = {.shown = shown, .text = agreement_text(shown), .state = state};
    TRY(agreement_newest(door_of(r), &newest));
    TRY(form_options_load(door_of(r), &agreement_type, &options));
    v.newest = newest.id == shown->id;
    v.next = v.newest && agreement_may_publish(door_of(r)) ? next : NULL;
    v.since = day_in_words(r->arena, shown->since, true);
    v.options = options;
    v.frame = frame_of(r, answer, tr("Confidentiality agreement"), "/besoins");
    v.frame.narrow = true;
    agreement_page(answer->html, &v);
    return NULL;
}

static struct fault *newest_show(struct request *r, struct response *answer)
{
    struct agreement newest;
    TRY(agreement_newest(door_of(r), &newest));
    return draw(r, answer, &newest, &newest, &(struct form_state){0});
}

static struct fault *version_show(struct request *r, struct response *answer)
{
    struct agreement shown;
    TRY(door_load(door_of(r), agreement, request_id(r, "id"), &shown, NULL));
    return draw(r, answer, &shown, &shown, &(struct form_state){0});
}

static struct fault *publish(struct request *r, struct response *answer)
{
    struct agreement newest, made, typed;
    struct form_state state = {.typed = &r->form};
    struct fault *wrong = agreement_publish(door_of(r), param_text(&r->form, "text_fr"),
                                            param_text(&r->form, "text_en"), &made);
    if (wrong && wrong->code != FAULT_INVALID)
        return wrong;
    if (wrong) {
        state.faults[state.fault_count++] = (struct form_fault){field_find(&agreement_type, wrong->field),
                                                                arena_print(r->arena, "%s", wrong->text)};
        record_clear(&agreement_type, &typed);
        TRY(agreement_newest(door_of(r), &newest));
        answer->status = 422;
        return draw(r, answer, &newest, &typed, &state);
    }
    flash_set(answer, "saved", NULL);
    response_redirect(answer, AGREEMENT_PATH);
    return NULL;
}

const struct route agreement_routes[] = {
    {"GET", AGREEMENT_PATH, newest_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("The confidentiality agreement of introductions")},
    {"GET", AGREEMENT_PATH "/{id}", version_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("A version of the confidentiality agreement")},
    {"POST", AGREEMENT_PATH, publish, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Publish a version of the confidentiality agreement")},
};
const size_t agreement_route_count = COUNT(agreement_routes);
