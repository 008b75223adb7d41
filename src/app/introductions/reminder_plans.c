/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "introductions/reminder_plans.h"

#include "arena/arena.h"
#include "clock/clock.h"
#include "introductions/internal.h"
#include "queries/introductions.h"

/* The rate that was set last; id 0: none was. */
static struct fault *find_rate(struct door *d, int64_t organisation, struct reminder_rate *rate)
{
    struct rate_row *rows = NULL;
    size_t count = 0;
    record_clear(&reminder_rate_type, rate);
    TRY(introductions_rate(door_connection(d), door_arena(d), organisation, &rows, &count));
    return count ? rows_load(door_connection(d), door_arena(d), &reminder_rate_type, rows[0].id, &deals_sight,
                             rate)
                 : NULL;
}

static void follow(const struct reminder_rate *rate, struct reminder_plan *plan)
{
    if (rate->days)
        (void)reminder_days_parse(rate->days, plan);
}

struct fault *reminder_plan_space(struct door *d, struct reminder_plan *plan)
{
    struct reminder_rate rate;
    *plan = reminder_default;
    TRY(find_rate(d, 0, &rate));
    follow(&rate, plan);
    if (known_integer(rate.facilitators))
        plan->escalates = (int)rate.facilitators;
    return NULL;
}

struct fault *reminder_plan_own(struct door *d, int64_t organisation, const struct reminder_plan *space,
                                struct reminder_plan *plan)
{
    struct reminder_rate rate;
    *plan = *space;
    TRY(find_rate(d, organisation, &rate));
    follow(&rate, plan);
    return NULL;
}

struct fault *reminder_choices(struct door *d, struct reminder_choice **choices, size_t *count)
{
    const struct viewer *v = door_viewer(d);
    const char **names = NULL;
    struct reminder_choice *all = NEW(door_arena(d), struct reminder_choice, v->count + 1);
    struct reminder_plan space;
    *count = 0;
    TRY(door_names(d, &organisation_type, v->organisations, v->count, &names));
    for (size_t i = 0; i < v->count; i++)
        all[(*count)++] = (struct reminder_choice){.organisation = v->organisations[i], .name = names[i]};
    if (v->roles & ROLE_FACILITATOR)
        all[(*count)++] = (struct reminder_choice){0};
    TRY(reminder_plan_space(d, &space));
    for (size_t i = 0; i < *count; i++) {
        TRY(find_rate(d, all[i].organisation, &all[i].rate));
        all[i].plan = space;
        follow(&all[i].rate, &all[i].plan);
    }
    *choices = all;
    return NULL;
}

static struct fault *save(struct door *d, struct reminder_rate *rate)
{
    struct transaction *t = door_transaction(d);
    int64_t person = door_viewer(d)->person;
    TRY(record_check(&reminder_rate_type, rate));
    return rate->id ? rows_update(t, &reminder_rate_type, rate, person)
                    : rows_insert(t, &reminder_rate_type, rate, person);
}

struct fault *reminder_choose(struct door *d, int64_t organisation, const char *days,
                              const char *facilitators)
{
    struct reminder_rate rate;
    struct arena *a = door_arena(d);
    const struct viewer *v = door_viewer(d);
    if (organisation ? !viewer_acts_for(v, organisation) : !(v->roles & ROLE_FACILITATOR))
        return fault(FAULT_DENIED, "How often somebody is reminded is for themselves to say.");
    TRY(find_rate(d, organisation, &rate));
    rate.organisation = organisation;
    rate.since = today();
    TRY(value_parse(field_find(&reminder_rate_type, "days"), a, slice_of(days), &rate));
    if (facilitators && !organisation)
        TRY(value_parse(field_find(&reminder_rate_type, "facilitators"), a, slice_of(facilitators), &rate));
    TRY(door_begin(d));
    return change_end(d, save(d, &rate));
}
