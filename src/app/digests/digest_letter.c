/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* digest_letter.c - what is new for somebody, in their own eyes. */
#include "activity/activity.h"
#include "arena/arena.h"
#include "attached/attached.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "introductions/deals.h"
#include "records/addresses.h"
#include "records/records.h"
#include "text/buffer.h"

enum { MOST_WAITING = 10, MOST_NEEDS = 10, MOST_CHANGES = 15 };

struct digest {
    struct house *house;
    const struct space_info *space;
    struct door *door;
    struct arena *arena;
    const char *url;
    int64_t since, until;
    struct letter_part *parts;
    size_t count, capacity;
    size_t news;      /* things told so far */
    int64_t *entries; /* of the journal, told so far */
    size_t entry_count, entry_capacity;
};

static void say(struct digest *g, enum part_kind kind, const char *text, const char *href)
{
    *PUSH(g->arena, g->parts, g->count, g->capacity) = (struct letter_part){kind, text, href};
}

static void heading_before(struct digest *g, size_t told, const char *text)
{
    if (!told)
        say(g, PART_HEADING, text, NULL);
    g->news++;
}

static const char *link_to(const struct digest *g, const struct record_type *type, int64_t id)
{
    return arena_print(g->arena, "%s%s", g->url, record_url(g->arena, type, id));
}

static bool is_new(const struct digest *g, int64_t id)
{
    int64_t made = id_instant_us(id);
    return made > g->since && made <= g->until;
}

/* --- what waits ------------------------------------------------------------------------------------- */

/* No news in itself: reminders tell when it comes to wait (reminders/reminders.h). */
static struct fault *waiting(struct digest *g)
{
    struct deal_waiting *all = NULL;
    size_t count = 0;
    TRY(deal_queue(g->door, MOST_WAITING, &all, &count));
    if (count)
        say(g, PART_HEADING, tr("What waits on you"), NULL);
    for (size_t i = 0; i < count && i < MOST_WAITING; i++)
        say(g, PART_ITEM, arena_print(g->arena, tr("%s: %s"), all[i].subject, tr(all[i].task)),
            link_to(g, all[i].type, all[i].id));
    return NULL;
}

/* --- needs of others -------------------------------------------------------------------------------- */

static const char *of_whom(struct digest *g, const struct need *n, const char *organisation)
{
    return organisation ? arena_print(g->arena, "%s — %s", n->title, organisation) : n->title;
}

static struct fault *new_needs(struct digest *g)
{
    const struct list_filter open = {"state", "open"};
    struct list_page page;
    const char **names = NULL;
    size_t told = 0;
    TRY(door_list(g->door,
                  &(struct list_request){.type = &need_type,
                                         .filters = &open,
                                         .filter_count = 1,
                                         .plain = true,
                                         .per_page = 2 * MOST_NEEDS},
                  &page));
    const struct need *all = page.records;
    int64_t *ids = NEW(g->arena, int64_t, page.count + 1);
    for (size_t i = 0; i < page.count; i++)
        ids[i] = all[i].organisation;
    TRY(door_names(g->door, &organisation_type, ids, page.count, &names));
    for (size_t i = 0; i < page.count && told < MOST_NEEDS; i++) {
        if (!is_new(g, all[i].id) || viewer_acts_for(door_viewer(g->door), all[i].organisation))
            continue;
        heading_before(g, told++, tr("New needs"));
        say(g, PART_ITEM, of_whom(g, &all[i], names[i]), link_to(g, &need_type, all[i].id));
    }
    return NULL;
}

/* --- what changed ----------------------------------------------------------------------------------- */

static const char *page_of(const struct digest *g, const struct activity_line *l)
{
    return l->deleted ? NULL : link_to(g, l->type, l->record);
}

/* "Pignon (Besoin): modifié, Anne Exemple" */
static const char *line_in_words(const struct digest *g, const struct activity_line *l)
{
    const char *who = l->what.person;
    return arena_print(g->arena, "%s (%s) : %s%s%s", l->name ? l->name : tr("without a name"),
                       tr(l->type->title), l->what.act, who ? ", " : "", who ? who : "");
}

/* Told under one heading is not told under the next. */
static bool told_before(struct digest *g, int64_t entry)
{
    for (size_t i = 0; i < g->entry_count; i++)
        if (g->entries[i] == entry)
            return true;
    *PUSH(g->arena, g->entries, g->entry_count, g->entry_capacity) = entry;
    return false;
}

static struct fault *changes_of(struct digest *g, const struct activity_request *asked, const char *heading,
                                size_t *told)
{
    struct activity feed;
    TRY(activity_load(g->door, asked, &feed));
    for (size_t i = 0; i < feed.count; i++) {
        const struct activity_group *group = &feed.groups[i];
        if (group->at_us <= g->since || group->at_us > g->until ||
            (group->author && group->author == door_viewer(g->door)->person))
            continue;
        for (size_t k = 0; k < group->count && *told < MOST_CHANGES; k++) {
            if (told_before(g, group->lines[k].what.entry))
                continue;
            heading_before(g, (*told)++, heading);
            say(g, PART_ITEM, line_in_words(g, &group->lines[k]), page_of(g, &group->lines[k]));
        }
    }
    return NULL;
}

static struct fault *followed(struct digest *g)
{
    int64_t *ids = NULL;
    size_t count = 0, told = 0;
    TRY(followed_records(g->door, &ids, &count));
    if (!count)
        return NULL;
    return changes_of(
        g,
        &(struct activity_request){
            .records = ids, .record_count = count, .since_us = g->since, .groups = MOST_CHANGES},
        tr("In what you follow"), &told);
}

static struct fault *own_organisations(struct digest *g)
{
    const struct viewer *v = door_viewer(g->door);
    size_t told = 0;
    for (size_t i = 0; i < v->count; i++)
        TRY(changes_of(g,
                       &(struct activity_request){
                           .organisation = v->organisations[i], .since_us = g->since, .groups = MOST_CHANGES},
                       tr("In your organisation"), &told));
    return NULL;
}

/* --- the letter ------------------------------------------------------------------------------------- */

struct fault *digest_letter(struct house *h, const struct space_info *s, struct door *d, int64_t since,
                            int64_t until, struct letter *l, bool *any)
{
    struct digest g = {
        .house = h, .space = s, .door = d, .arena = door_arena(d), .since = since, .until = until};
    const int64_t person = door_viewer(d)->person;
    const char *sealed = NULL;
    g.url = house_url(h, s, g.arena);
    TRY(digest_seal(h, s, g.arena, person, &sealed));
    l->unsubscribe = arena_print(g.arena, "%s/desabonnement/%s", g.url, sealed);
    say(&g, PART_TEXT, arena_print(g.arena, tr("Good day %s,"), door_person_name(d)), NULL);
    TRY(waiting(&g));
    TRY(new_needs(&g));
    TRY(followed(&g));
    TRY(own_organisations(&g));
    *any = g.news > 0;
    say(&g, PART_BUTTON, tr("Open my day"), arena_print(g.arena, "%s/aujourdhui", g.url));
    say(&g, PART_NOTE,
        arena_print(g.arena, tr("You receive this because you take part in %s. Less often, or not at all:"),
                    s->title),
        l->unsubscribe);
    l->key = arena_print(g.arena, "digest:%lld:%lld", (long long)person, (long long)since);
    l->subject = arena_print(g.arena, tr("What is new in %s"), s->title);
    l->parts = g.parts;
    l->count = g.count;
    return NULL;
}
