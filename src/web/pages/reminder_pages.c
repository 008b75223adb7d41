/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* reminder_pages.c - after how many days of silence one is reminded. */
#include <stdlib.h>

#include "i18n/i18n.h"
#include "introductions/reminder_plans.h"
#include "pages/reminder_view.h"
#include "templates.h"

/* "3, 9, 21, 45" */
static const char *days_text(struct arena *a, const struct reminder_plan *plan)
{
    const char *text = "";
    for (int i = 0; i < plan->count; i++)
        text = arena_print(a, "%s%s%d", text, i ? ", " : "", plan->days[i]);
    return text;
}

/* refused: what was said for that organisation (0: the space), with its error; NULL: nothing was. */
static struct fault *draw(struct request *r, struct response *answer, const struct reminder_line *refused)
{
    struct reminder_choice *choices = NULL;
    struct reminder_view v = {0};
    TRY(reminder_choices(door_of(r), &choices, &v.count));
    struct reminder_line *lines = NEW(r->arena, struct reminder_line, v.count + 1);
    for (size_t i = 0; i < v.count; i++) {
        const struct reminder_choice *c = &choices[i];
        bool again = refused && refused->organisation == c->organisation;
        lines[i] = (struct reminder_line){.name = c->name,
                                          .days = again          ? refused->days
                                                  : c->rate.days ? c->rate.days
                                                                 : "",
                                          .in_force = days_text(r->arena, &c->plan),
                                          .organisation = c->organisation,
                                          .facilitators = c->plan.escalates,
                                          .error = again ? refused->error : NULL};
    }
    v.lines = lines;
    v.frame = frame_of(r, answer, tr("Reminders"), "/aujourdhui");
    v.frame.narrow = true;
    reminder_page(answer->html, &v);
    return NULL;
}

static struct fault *reminders_show(struct request *r, struct response *answer)
{
    return draw(r, answer, NULL);
}

static struct fault *reminders_choose(struct request *r, struct response *answer)
{
    struct reminder_line said = {.organisation = strtoll(param_text(&r->form, "organisation"), NULL, 10),
                                 .days = param_text(&r->form, "days")};
    struct fault *wrong =
        reminder_choose(door_of(r), said.organisation, said.days, param(&r->form, "facilitators"));
    if (wrong && wrong->code == FAULT_INVALID) {
        said.error = arena_print(r->arena, "%s", wrong->text);
        answer->status = 422;
        return draw(r, answer, &said);
    }
    TRY(wrong);
    flash_set(answer, "saved", NULL);
    response_redirect(answer, "/rappels");
    return NULL;
}

const struct route reminder_routes[] = {
    {"GET", "/rappels", reminders_show, .right = ROLE_MEMBER | ROLE_FACILITATOR, .version = page_version,
     .summary = N_("After how many days one is reminded")},
    {"POST", "/rappels", reminders_choose, .right = ROLE_MEMBER | ROLE_FACILITATOR, .writes = true,
     .summary = N_("Set after how many days one is reminded")},
};
const size_t reminder_route_count = COUNT(reminder_routes);
