/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* today_pages.c - the first screen: what waits on the viewer since when, why, and the next act. */
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "introductions/deals.h"
#include "pages/record_draw.h"
#include "pages/today_view.h"
#include "reminders/mail_answer.h"
#include "templates.h"

enum { LATE_DAYS = 21 };

static struct fault *add_count(struct request *r, struct today_view *v, const struct record_type *type,
                               struct list_filter filter, const char *href, const char *one, const char *many)
{
    if (!(type->readers & r->visitor.roles))
        return NULL;
    struct count_line *line = &v->counts[v->count_count++];
    struct list_request asked = {
        .type = type, .filters = &filter, .filter_count = filter.field != NULL, .per_page = 1};
    struct list_page page;
    TRY(door_list(door_of(r), &asked, &page));
    *line = (struct count_line){href, tr_plural(page.total, one, many), page.total};
    return NULL;
}

static void say_age(struct arena *a, int64_t since, struct todo *t)
{
    int64_t age = today() - since;
    t->age = age > 0 ? integer_print(a, age) : "";
    t->age_unit = age > 0 ? tr_plural(age, "day", "days") : tr("today");
    t->late = age > LATE_DAYS;
}

static const char *wanted_before(struct arena *a, int64_t deadline)
{
    return known_integer(deadline) ? arena_print(a, tr("Wanted before %s"), day_in_words(a, deadline, false))
                                   : NULL;
}

/* --- what waits ---------------------------------------------------------------------------------------- */

/* "Maison Valbrégille · Brenelle Décolletage · Wanted before 3 March 2027" */
static const char *detail_of(struct arena *a, const struct deal_waiting *w, bool own,
                             const char *const names[2])
{
    const char *const parts[] = {own ? NULL : names[0], names[1], wanted_before(a, w->deadline)};
    const char *text = tr(w->task);
    for (size_t i = 0; i < COUNT(parts); i++)
        if (parts[i])
            text = arena_print(a, "%s · %s", text, parts[i]);
    return text;
}

static void do_here(struct arena *a, const struct deal_waiting *w, enum introduction_act act, struct todo *t)
{
    t->act = tr(introduction_acts[act].label);
    t->act_code = introduction_acts[act].code;
    t->post = arena_print(a, "%s/%s", t->href, w->type == &blind_card_type ? "reponse" : "acte");
    t->version = w->version;
}

/* What is said without looking first is done from here, and what they said by mail already; the rest is
 * looked at. */
static void say_act(struct arena *a, const struct deal_waiting *w, const struct mail_answer *by_mail,
                    struct todo *t)
{
    size_t count = 0;
    const struct deal_choice *choices = deal_choices(a, w->state, w->parties, &count);
    t->given = by_mail ? by_mail->words : NULL;
    if (w->call)
        t->href = t->call_href;
    t->act = w->type == &need_type               ? tr("See who can do it")
             : w->call                           ? tr("Note the call")
             : w->escalated                      ? tr("See why")
             : w->state == INTRODUCTION_PROPOSED ? tr("Answer")
                                                 : tr("Decide");
    if (w->type == &need_type || w->escalated || !count)
        return;
    for (size_t i = 0; by_mail && by_mail->act && i < count; i++)
        if (!choices[i].reason_count && choices[i].act != INTRODUCTION_CONSENT &&
            strcmp(introduction_acts[choices[i].act].code, by_mail->act) == 0)
            do_here(a, w, choices[i].act, t);
    if (!by_mail && introduction_plain(choices[0].act))
        do_here(a, w, choices[0].act, t);
}

static struct fault *waiting_load(struct request *r, struct today_view *v)
{
    struct deal_waiting *all = NULL;
    const char **names = NULL;
    struct mail_answer *answers = NULL;
    size_t count = 0, answer_count = 0;
    bool whole = param(&r->query, "tout") != NULL;
    TRY(mail_answers(house_of(r), space_of(r), door_of(r), &answers, &answer_count));
    TRY(deal_queue(door_of(r), whole ? QUEUE_LONG : QUEUE_SCREEN + 1, &all, &count));
    size_t shown = count > QUEUE_SCREEN && !whole ? QUEUE_SCREEN : count;
    int64_t *ids = NEW(r->arena, int64_t, 2 * shown + 1);
    struct todo *todos = NEW(r->arena, struct todo, shown + v->todo_count + 1);
    for (size_t i = 0; i < shown; i++) {
        ids[2 * i] = all[i].owner;
        ids[2 * i + 1] = all[i].other;
    }
    TRY(door_names(door_of(r), &organisation_type, ids, 2 * shown, &names));
    for (size_t i = 0; i < shown; i++) {
        struct todo *t = &todos[i];
        *t = (struct todo){.heading = all[i].subject,
                           .why = tr(all[i].why),
                           .href = record_url(r->arena, all[i].type, all[i].id),
                           .others = all[i].escalated};
        if (all[i].parties & PARTY_FACILITATOR)
            t->call_href = arena_print(r->arena, "%s?appel=1#appel", t->href);
        say_age(r->arena, all[i].since, t);
        t->detail = detail_of(r->arena, &all[i], viewer_acts_for(door_viewer(door_of(r)), all[i].owner),
                              names + 2 * i);
        say_act(r->arena, &all[i], mail_answer_of(answers, answer_count, all[i].id, all[i].version), t);
    }
    for (size_t i = 0; i < v->todo_count; i++)
        todos[shown + i] = v->todos[i];
    v->more = shown < count;
    v->todos = todos;
    v->todo_count += shown;
    const char *number = integer_print(r->arena, (int64_t)shown);
    if (v->more)
        v->lede = arena_print(r->arena, tr("More than %s things wait on you."), number);
    else if (count)
        v->lede = arena_print(
            r->arena, tr_plural((int64_t)count, "%s thing waits on you.", "%s things wait on you."), number);
    return NULL;
}

/* --- besides ------------------------------------------------------------------------------------------- */

/* Open needs that the viewer may read, for those of whom nobody expects an act. */
static struct fault *open_needs(struct request *r, struct today_view *v)
{
    enum { MOST = 5 };
    struct list_filter open = {"state", "open"};
    struct list_request asked = {
        .type = &need_type, .filters = &open, .filter_count = 1, .sort = "deadline", .per_page = MOST};
    struct list_page page;
    struct names *names = NULL;
    if (!(need_type.readers & r->visitor.roles) || r->visitor.roles & ROLE_FACILITATOR)
        return NULL;
    TRY(door_list(door_of(r), &asked, &page));
    TRY(names_load(door_of(r), &need_type, ALL_FIELDS, page.records, page.count, &names));
    const struct need *needs = page.records;
    struct todo *todos = NEW(r->arena, struct todo, page.count + 1);
    for (size_t i = 0; i < page.count; i++) {
        const char *owner = field_text(names, field_find(&need_type, "organisation"), &needs[i]);
        const char *wanted = wanted_before(r->arena, needs[i].deadline);
        struct todo *t = &todos[i];
        t->heading = needs[i].title;
        t->href = record_url(r->arena, &need_type, needs[i].id);
        t->act = tr("See who can do it");
        say_age(r->arena, day_at(id_instant_us(needs[i].id)), t);
        t->late = false;
        wanted = wanted ? wanted : tr("No date was set");
        t->detail = *owner ? arena_print(r->arena, "%s · %s", owner, wanted) : wanted;
    }
    v->needs = todos;
    v->need_count = page.count;
    return NULL;
}

/* A school, a laboratory or a firm is looked for by what it can do; a funder or a federation is not. */
static bool has_know_how(const struct organisation *o)
{
    static const char *const without[] = {"institution", "funder", "association"};
    for (size_t i = 0; i < COUNT(without); i++)
        if (o->kind && strcmp(o->kind, without[i]) == 0)
            return false;
    return true;
}

/* A member's own profile, when it says too little to be found. */
static struct fault *own_profile(struct request *r, struct today_view *v)
{
    enum { MOST = 3 };
    const struct viewer *viewer = door_viewer(door_of(r));
    struct todo *todos = NEW(r->arena, struct todo, MOST);
    for (size_t i = 0; i < viewer->count && i < MOST; i++) {
        struct list_request asked = {
            .type = &capability_type, .owner = viewer->organisations[i], .per_page = 1};
        struct list_page page;
        struct organisation o;
        TRY(door_list(door_of(r), &asked, &page));
        TRY(door_load(door_of(r), organisation, viewer->organisations[i], &o, NULL));
        if (page.total > 0 || !has_know_how(&o))
            continue;
        todos[v->todo_count++] = (struct todo){
            .age = "1",
            .age_unit = tr("to do"),
            .heading = arena_print(r->arena, tr("Say what %s can do"), o.name),
            .detail = tr("Without know-how nobody finds you: one process, sizes and a tolerance are enough."),
            .href = arena_print(r->arena, "/structures/%lld", (long long)o.id),
            .act = tr("Complete the profile")};
    }
    v->todos = todos;
    return NULL;
}

static struct fault *today_show(struct request *r, struct response *answer)
{
    struct today_view v = {.greeting =
                               arena_print(r->arena, tr("Good day, %s"), door_person_name(door_of(r))),
                           .people = introduction_type.readers & r->visitor.roles};
    TRY(own_profile(r, &v));
    TRY(waiting_load(r, &v));
    TRY(open_needs(r, &v));
    TRY(add_count(r, &v, &organisation_type, (struct list_filter){0}, "/annuaire", N_("organisation"),
                  N_("organisations")));
    TRY(add_count(r, &v, &capability_type, (struct list_filter){0}, "/fiches/capability", N_("know-how"),
                  N_("know-how")));
    TRY(add_count(r, &v, &need_type, (struct list_filter){"state", "open"}, "/besoins", N_("open need"),
                  N_("open needs")));
    v.frame = frame_of(r, answer, tr("Today"), "/aujourdhui");
    today_page(answer->html, &v);
    return NULL;
}

const struct route today_routes[] = {
    {"GET", "/aujourdhui", today_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("What waits on me")},
};
const size_t today_route_count = COUNT(today_routes);
