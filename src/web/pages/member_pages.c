/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* member_pages.c - members on a day; a mandate handed over. */
#include "pages/member_view.h"

#include <stdlib.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "records/choices.h"
#include "templates.h"

static void label_choices(const struct choice *choices, const char **labels, int count)
{
    for (int i = 0; i < count - 1; i++)
        labels[i] = tr(choices[i].label);
    labels[count - 1] = tr("Not said");
}

static void add_up(struct members_view *v)
{
    for (int c = 0; c < MEMBER_COLLEGES; c++)
        for (int s = 0; s < MEMBER_SIZES; s++) {
            v->of_college[c] += v->found->of[c][s];
            v->of_size[s] += v->found->of[c][s];
        }
    for (size_t i = 0; i < v->found->year_count; i++)
        v->most = v->found->years[i].members > v->most ? v->found->years[i].members : v->most;
}

static const char *members_sentence(struct arena *a, const struct members *m)
{
    const char *members =
        arena_print(a, tr_plural((int64_t)m->count, "%lld member", "%lld members"), (long long)m->count);
    return arena_print(a, tr("%s on %s. Within the year, %s came and %s left."), members,
                       day_in_words(a, m->day, false), integer_print(a, (int64_t)m->came_count),
                       integer_print(a, (int64_t)m->left_count));
}

static struct fault *members_show(struct request *r, struct response *answer)
{
    struct as_of as_of;
    struct members found;
    struct members_view v = {.found = &found};
    TRY(as_of_of(r, &as_of));
    TRY(members_on(door_of(r), as_of.at_us ? as_of.day : today(), &found));
    v.day = day_print(r->arena, found.day);
    v.lede = members_sentence(r->arena, &found);
    v.list_href = "/fiches/membership";
    v.new_href = door_may_create(door_of(r), &membership_type) ? "/fiches/membership/nouvelle" : NULL;
    label_choices(membership_colleges, v.colleges, MEMBER_COLLEGES);
    label_choices(size_classes, v.sizes, MEMBER_SIZES);
    add_up(&v);
    v.frame = frame_of(r, answer, tr("Members"), "/adherents");
    members_page(answer->html, &v);
    return NULL;
}

/* Succession. */

static struct fault *succession_draw(struct request *r, struct response *answer, const struct mandate *next,
                                     const struct form_state *state)
{
    struct mandate old;
    struct form_options *options = NULL;
    const char **person = NULL, **organisation = NULL;
    TRY(door_load(door_of(r), mandate, request_id(r, "id"), &old, NULL));
    if (!door_may_write(door_of(r), &mandate_type, &old))
        return fault(FAULT_DENIED, "You may not change this: %s.", tr(mandate_type.title));
    TRY(form_options_load(door_of(r), &mandate_type, &options));
    TRY(door_names(door_of(r), &person_type, &old.person, 1, &person));
    TRY(door_names(door_of(r), &organisation_type, &old.organisation, 1, &organisation));
    const char *name = person[0] ? person[0] : "", *of = organisation[0] ? organisation[0] : "";
    struct succession_view v = {
        .lede = arena_print(r->arena,
                            tr("%s no longer acts for %s from the day you say; who takes over does, with the "
                               "same position. Both stay in the history."),
                            name, of),
        .back = of,
        .back_href = record_url(r->arena, &organisation_type, old.organisation),
        .action = r->target,
        .next = next,
        .version = old.version,
        .options = options,
        .state = state};
    v.frame = frame_of(r, answer, tr("Succession"), NULL);
    v.frame.narrow = true;
    succession_page(answer->html, &v);
    return NULL;
}

static struct fault *succession_show(struct request *r, struct response *answer)
{
    struct mandate next;
    record_clear(&mandate_type, &next);
    next.since = today();
    TRY(proof_check(r));
    return succession_draw(r, answer, &next, &(struct form_state){0});
}

static field_mask bit_of(const char *field)
{
    return (field_mask)1 << (field_find(&mandate_type, field) - mandate_type.fields);
}

static struct fault *succession_save(struct request *r, struct response *answer)
{
    struct mandate next, old;
    int64_t made;
    struct form_options *options = NULL;
    struct form_state state = {.typed = &r->form};
    field_mask asked = bit_of("person") | bit_of("since");
    TRY(proof_check(r));
    TRY(door_load(door_of(r), mandate, request_id(r, "id"), &old, NULL));
    TRY(form_options_load(door_of(r), &mandate_type, &options));
    record_clear(&mandate_type, &next);
    next.organisation = old.organisation;
    form_read(r->arena, &mandate_type, asked, options, &r->form, &next, &state);
    struct fault *wrong =
        state.fault_count
            ? NULL
            : mandate_hand_over(door_of(r), old.id, strtoll(param_text(&r->form, "version"), NULL, 10),
                                next.person, next.since, &made);
    if (wrong && wrong->code != FAULT_INVALID)
        return wrong;
    if (wrong)
        state.faults[state.fault_count++] = (struct form_fault){field_find(&mandate_type, wrong->field),
                                                                arena_print(r->arena, "%s", wrong->text)};
    if (state.fault_count) {
        answer->status = 422;
        return succession_draw(r, answer, &next, &state);
    }
    flash_set(answer, "saved", NULL);
    response_redirect(answer, record_url(r->arena, &organisation_type, old.organisation));
    return NULL;
}

const struct route member_routes[] = {
    {"GET", "/adherents", members_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("Members on a day, by college and size")},
    {"GET", "/mandats/{id}/succession", succession_show, .right = ROLE_FACILITATOR,
     .summary = N_("A mandate handed over to another person")},
    {"POST", "/mandats/{id}/succession", succession_save, .right = ROLE_FACILITATOR, .writes = true,
     .summary = N_("Hand over a mandate")},
};
const size_t member_route_count = COUNT(member_routes);
