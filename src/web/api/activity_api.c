/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* activity_api.c - what happened and who opened what, for programs; and a change taken back. */
#include "activity/activity.h"

#include "api/cursor.h"
#include "api/operation.h"
#include "i18n/i18n.h"
#include "pages/record_view.h"
#include "undo/undo.h"

enum { GROUPS = 20, GROUPS_MOST = 50 };

static const char *mark_of(const struct request *r, bool may_undo, const char *kind, int64_t id)
{
    return may_undo ? request_seal(r, kind, id) : NULL;
}

/* A change, of a record or in the feed. */

static const struct member field_members[] = {MEMBER(TEXT, field, name, NULL),
                                              MEMBER(LABEL, field, label, NULL)};
static const struct shape field_shape = SHAPE("field", field, field_members);
static const struct member value_members[] = {
    MEMBER(ONE, history_change, field, NULL, .of = &field_shape),
    MEMBER(TEXT, history_change, before, N_("As people read it; null: unknown."), .maybe = true),
    MEMBER(TEXT, history_change, after, NULL, .maybe = true)};
static const struct shape value_shape = SHAPE("change", history_change, value_members);

/* A line of a history, and of the feed with what it is about. */
struct line_told {
    const char *type, *name, *undo;
    int64_t record;
    bool removed;
    struct history_line what;
};
#define CHANGES                                                                                              \
    MEMBER_AS("act", TEXT, line_told, what.act, NULL),                                                       \
        MEMBER_AS("changes", LIST, line_told, what.changes, NULL, .of = &value_shape,                        \
                  COUNTED(line_told, what.count)),                                                           \
        MEMBER(TEXT, line_told, undo, N_("By which this is undone; null: by others, or for too long."),      \
               .maybe = true)

static const struct member history_line_members[] = {
    MEMBER_AS("at", INSTANT, line_told, what.at_us, NULL),
    MEMBER_AS("person", TEXT, line_told, what.person, N_("Null: the program, or not for you to see."),
              .maybe = true),
    CHANGES};
static const struct shape history_line_shape = SHAPE("history_line", line_told, history_line_members);
struct lines_told {
    struct line_told *items;
    size_t count;
};
static const struct member history_members[] = {MEMBER(
    LIST, lines_told, items, N_("Newest first."), .of = &history_line_shape, COUNTED(lines_told, count))};
static const struct shape history_shape = SHAPE("history", lines_told, history_members);

static struct fault *record_history(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct history_line *lines = NULL;
    struct lines_told told = {0};
    TRY(api_type(r, &type));
    TRY(door_load_any(door_of(r), type, request_id(r, "id"), record_new(r->arena, type), NULL));
    TRY(door_history(door_of(r), type, request_id(r, "id"), &lines, &told.count));
    told.items = NEW(r->arena, struct line_told, told.count + 1);
    for (size_t i = 0; i < told.count; i++)
        told.items[i] = (struct line_told){
            .what = lines[i], .undo = mark_of(r, lines[i].may_undo, MARK_OF_CHANGE, lines[i].entry)};
    shape_answer(r, answer, &history_shape, &told);
    return NULL;
}

/* The feed. */

static const struct member feed_line_members[] = {
    MEMBER(TEXT, line_told, type, N_("Of the record.")), MEMBER(ID, line_told, record, NULL),
    MEMBER(TEXT, line_told, name, N_("Of the record, as it is now; null: it has none."), .maybe = true),
    MEMBER(FLAG, line_told, removed, N_("The record is not there any more.")), CHANGES};
static const struct shape feed_line_shape = SHAPE("activity_line", line_told, feed_line_members);

struct group_told {
    struct activity_group of;
    const char *undo;
    struct line_told *lines;
};
static const struct member group_members[] = {
    MEMBER_AS("at", INSTANT, group_told, of.at_us, NULL),
    MEMBER_AS("person", ID, group_told, of.author, N_("Null: the program, or not for you to see."),
              .maybe = true),
    MEMBER_AS("person_name", TEXT, group_told, of.person, NULL, .maybe = true),
    MEMBER(LIST, group_told, lines, NULL, .of = &feed_line_shape, COUNTED(group_told, of.count)),
    MEMBER_AS("more", FLAG, group_told, of.more, N_("Other records too, which are not among these lines.")),
    MEMBER(TEXT, group_told, undo, N_("By which all of it is undone; null: by others, or for too long."),
           .maybe = true)};
static const struct shape group_shape = SHAPE("activity_group", group_told, group_members);
struct feed_told {
    struct group_told *items;
    size_t count;
    const char *next;
};
static const struct member feed_members[] = {
    MEMBER(
        LIST, feed_told, items,
        N_("What was changed at once together, newest first; there may be none here and some further back."),
        .of = &group_shape, COUNTED(feed_told, count)),
    MEMBER(TEXT, feed_told, next, N_("Where to go on; null: at the end."), .maybe = true)};
static const struct shape feed_shape = SHAPE("activity", feed_told, feed_members);

struct feed_asked {
    const char *type, *cursor;
    int64_t organisation, person, limit;
};
static const struct member asked_members[] = {
    MEMBER(TEXT, feed_asked, type, N_("Only records of this kind."), .maybe = true),
    MEMBER(ID, feed_asked, organisation, N_("Only it and what it owns."), .maybe = true),
    MEMBER(ID, feed_asked, person, N_("Only what this person did."), .maybe = true),
    MEMBER(INTEGER, feed_asked, limit, N_("How many at once."), .maybe = true, .least = 1,
           .most = GROUPS_MOST),
    MEMBER(TEXT, feed_asked, cursor, N_("What \"next\" said: where to go on."), .maybe = true)};
static const struct shape asked_shape = SHAPE("activity_asked", feed_asked, asked_members);

/* Hidden or absent: the same words. */
static struct fault *check_seen(struct request *r, const struct record_type *type, const char *parameter,
                                int64_t id)
{
    const char **name = NULL;
    if (id)
        TRY(door_names(door_of(r), type, &id, 1, &name));
    return !id || name[0] ? NULL
                          : fault_in(parameter, fault(FAULT_INVALID, "There is none here that you may see."));
}

static struct fault *read_asked(struct request *r, const struct feed_asked *asked,
                                struct activity_request *out)
{
    *out = (struct activity_request){.organisation = asked->organisation,
                                     .person = asked->person,
                                     .groups = (size_t)asked->limit,
                                     .type = asked->type ? record_type_find(asked->type) : NULL};
    if (asked->type && !(out->type && out->type->readers & r->visitor.roles))
        return fault_in("type", fault(FAULT_INVALID, "There is no such kind of record."));
    TRY(check_seen(r, &organisation_type, "organisation", asked->organisation));
    TRY(check_seen(r, &person_type, "person", asked->person));
    if (asked->cursor && !request_unseal(r, "activity", asked->cursor, &out->before))
        return fault_in("cursor", fault(FAULT_INVALID, "There is no such page."));
    return NULL;
}

static struct group_told group_of(const struct request *r, const struct activity_group *g)
{
    struct group_told told = {.of = *g,
                              .undo = mark_of(r, g->may_undo, MARK_OF_ALL, g->batch),
                              .lines = NEW(r->arena, struct line_told, g->count + 1)};
    for (size_t i = 0; i < g->count; i++) {
        const struct activity_line *l = &g->lines[i];
        told.lines[i] =
            (struct line_told){.type = l->type->name,
                               .name = l->name,
                               .record = l->record,
                               .removed = l->deleted,
                               .what = l->what,
                               .undo = mark_of(r, l->what.may_undo, MARK_OF_CHANGE, l->what.entry)};
    }
    return told;
}

static struct fault *activity_list(struct request *r, struct response *answer)
{
    struct feed_asked asked = {.limit = GROUPS};
    struct activity_request wanted;
    struct activity found;
    if (!shape_ask(r, answer, &asked_shape, &asked))
        return NULL;
    TRY(read_asked(r, &asked, &wanted));
    TRY(activity_load(door_of(r), &wanted, &found));
    struct feed_told told = {.items = NEW(r->arena, struct group_told, found.count + 1),
                             .count = found.count,
                             .next = found.next ? request_seal(r, "activity", found.next) : NULL};
    for (size_t i = 0; i < found.count; i++)
        told.items[i] = group_of(r, &found.groups[i]);
    cursor_link(r, answer, told.next);
    shape_answer(r, answer, &feed_shape, &told);
    return NULL;
}

/* Taken back. */

static struct fault *undo_all(struct request *r, struct response *answer, int64_t batch)
{
    int64_t job;
    TRY(api_check_undo(r, batch));
    TRY(undo_batch(house_jobs(house_of(r)), door_of(r), batch, "/activite", &job));
    api_job_answer(r, answer, job);
    return NULL;
}

static struct fault *activity_undo(struct request *r, struct response *answer)
{
    int64_t id;
    const char *mark = request_part(r, "mark");
    answer->status = 204;
    if (request_unseal(r, MARK_OF_CHANGE, mark, &id))
        return undo_entry(door_of(r), id);
    if (request_unseal(r, MARK_OF_ALL, mark, &id))
        return undo_all(r, answer, id);
    return undo_absent();
}

/* Who opened it. */

/* In the order of enum reading_way. */
static const char *const ways[] = {"", "page", "program", "export", "command", NULL};
static const struct member reading_members[] = {
    MEMBER(DAY, reading_line, day, NULL),
    MEMBER(TEXT, reading_line, who, N_("Their organisation, or what they are in the space.")),
    MEMBER_AS("way", NAME, reading_line, kind, NULL, .names = ways),
    MEMBER(INTEGER, reading_line, times, NULL)};
static const struct shape reading_shape = SHAPE("reading", reading_line, reading_members);
struct readings_told {
    struct reading_line *items;
    size_t count;
};
static const struct member readings_members[] = {MEMBER(LIST, readings_told, items, N_("Newest first."),
                                                        .of = &reading_shape, COUNTED(readings_told, count))};
static const struct shape readings_shape = SHAPE("readings", readings_told, readings_members);

static struct fault *record_readings(struct request *r, struct response *answer)
{
    const struct record_type *type = NULL;
    struct readings_told told = {0};
    TRY(api_type(r, &type));
    TRY(door_readings(door_of(r), type, request_id(r, "id"), &told.items, &told.count));
    shape_answer(r, answer, &readings_shape, &told);
    return NULL;
}

static const struct api_operation history = {.name = "history", .answers = &history_shape},
                                  readings = {.name = "readings", .answers = &readings_shape},
                                  feed = {.name = "list_activity",
                                          .asks = &asked_shape,
                                          .answers = &feed_shape,
                                          .paged = true},
                                  undo = {.name = "undo_activity", .may_last = true};

const struct route activity_api_routes[] = {
    {"GET", API_ROOT "/records/{type}/{id}/history", record_history, .right = ROLES_SIGNED_IN,
     .api = &history, .summary = N_("What happened to a record")},
    {"GET", API_ROOT "/records/{type}/{id}/readings", record_readings, .right = ROLES_SIGNED_IN,
     .api = &readings, .summary = N_("Who opened a record")},
    {"GET", API_ROOT "/activity", activity_list, .right = ROLES_SIGNED_IN, .api = &feed,
     .summary = N_("What happened, newest first")},
    {"POST", API_ROOT "/activity/{mark}/undo", activity_undo, .right = ROLES_SIGNED_IN, .writes = true,
     .slow = "", .api = &undo, .summary = N_("Undo a change, or all that was changed at once")},
};
const size_t activity_api_route_count = COUNT(activity_api_routes);
