/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* session_pages.c - preferences, and the first page. */
#include <string.h>

#include "clock/clock.h"
#include "i18n/i18n.h"
#include "pages/record_draw.h"
#include "pages/session_view.h"
#include "templates.h"

static struct fault *home(struct request *r, struct response *answer)
{
    response_redirect(answer, door_viewer(door_of(r))->person ? "/aujourdhui" : "/annuaire");
    return NULL;
}

static struct fault *set_preferences(struct request *r, struct response *answer)
{
    enum { YEAR_S = 365 * 24 * 3600 };
    const char *theme = param_text(&r->form, "theme"), *spoken = param_text(&r->form, "language");
    enum language chosen;
    if (strcmp(theme, "auto") == 0)
        response_cookie(answer, "grappe_theme", "", -1);
    else if (strcmp(theme, "dark") == 0 || strcmp(theme, "light") == 0)
        response_cookie(answer, "grappe_theme", theme, YEAR_S);
    if (language_parse(spoken, &chosen))
        response_cookie(answer, "grappe_lang", language_code(chosen), YEAR_S);
    response_redirect(answer, param_text(&r->form, "here"));
    return NULL;
}

static struct fault *count_of(struct request *r, const struct record_type *type, struct list_filter filter,
                              int64_t *total)
{
    struct list_request asked = {
        .type = type, .filters = &filter, .filter_count = filter.field != NULL, .per_page = 1};
    struct list_page page;
    TRY(door_list(door_of(r), &asked, &page));
    *total = page.total;
    return NULL;
}

static struct fault *add_count(struct request *r, struct today_view *v, const struct record_type *type,
                               struct list_filter filter, const char *href, const char *one, const char *many)
{
    if (!(type->readers & r->visitor.roles))
        return NULL;
    struct count_line *line = &v->counts[v->count_count++];
    TRY(count_of(r, type, filter, &line->count));
    line->href = href;
    line->label = tr_plural(line->count, one, many);
    return NULL;
}

/* Identifiers carry their time in milliseconds above bit 20 (base/clock). */
static int64_t days_since(int64_t id)
{
    return (now_us() / 1000 - (id >> 20)) / ((int64_t)24 * 3600 * 1000);
}

static struct fault *open_needs(struct request *r, struct todo *todos, size_t *count)
{
    enum { MOST = 8 };
    struct list_filter open = {"state", "open"};
    struct list_request asked = {
        .type = &need_type, .filters = &open, .filter_count = 1, .sort = "deadline", .per_page = MOST};
    struct list_page page;
    struct names *names = NULL;
    if (!(need_type.readers & r->visitor.roles))
        return NULL;
    TRY(door_list(door_of(r), &asked, &page));
    TRY(names_load(door_of(r), &need_type, ALL_FIELDS, page.records, page.count, &names));
    const struct need *needs = page.records;
    for (size_t i = 0; i < page.count; i++) {
        int64_t age = days_since(needs[i].id);
        const char *owner = field_text(names, field_find(&need_type, "organisation"), &needs[i]);
        const char *wanted = known_integer(needs[i].deadline)
                                 ? arena_print(r->arena, tr("Wanted before %s"),
                                               day_in_words(r->arena, needs[i].deadline, false))
                                 : tr("No date was set");
        todos[(*count)++] =
            (struct todo){.age = age ? integer_print(r->arena, age) : "",
                          .age_unit = age ? tr_plural(age, "day", "days") : tr("today"),
                          .heading = needs[i].title,
                          .detail = *owner ? arena_print(r->arena, "%s · %s", owner, wanted) : wanted,
                          .href = arena_print(r->arena, "/besoins/%lld", (long long)needs[i].id),
                          .act = tr("See who can do it"),
                          .late = age > 21};
    }
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
static struct fault *own_profile(struct request *r, struct todo *todos, size_t *count)
{
    const struct viewer *viewer = door_viewer(door_of(r));
    for (size_t i = 0; i < viewer->count && i < 3; i++) {
        struct list_request asked = {
            .type = &capability_type, .owner = viewer->organisations[i], .per_page = 1};
        struct list_page page;
        struct organisation o;
        TRY(door_list(door_of(r), &asked, &page));
        TRY(door_load(door_of(r), organisation, viewer->organisations[i], &o, NULL));
        if (page.total > 0 || !has_know_how(&o))
            continue;
        todos[(*count)++] = (struct todo){
            .age = "1",
            .age_unit = tr("to do"),
            .heading = arena_print(r->arena, tr("Say what %s can do"), o.name),
            .detail = tr("Without know-how nobody finds you: one process, sizes and a tolerance are enough."),
            .href = arena_print(r->arena, "/structures/%lld", (long long)o.id),
            .act = tr("Complete the profile")};
    }
    return NULL;
}

static struct fault *today_show(struct request *r, struct response *answer)
{
    enum { MOST = 16 };
    struct today_view v = {.greeting =
                               arena_print(r->arena, tr("Good day, %s"), door_person_name(door_of(r)))};
    struct todo *todos = NEW(r->arena, struct todo, MOST);
    TRY(own_profile(r, todos, &v.todo_count));
    TRY(open_needs(r, todos, &v.todo_count));
    v.todos = todos;
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

const struct route session_routes[] = {
    {"GET", "/", home, .right = ROLES_ANYONE, .summary = N_("The first page")},
    {"POST", "/preferences", set_preferences, .right = ROLES_ANYONE, .writes = true,
     .summary = N_("Theme and language")},
    {"GET", "/aujourdhui", today_show, .right = ROLES_SIGNED_IN, .version = page_version,
     .summary = N_("What waits on me")},
};
const size_t session_route_count = COUNT(session_routes);
