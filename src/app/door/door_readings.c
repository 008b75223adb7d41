/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_readings.c - which readings are noted, and who may see who read. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "door/internal.h"
#include "i18n/i18n.h"
#include "journal/readings.h"
#include "records/choices.h"

static const struct sight everything = {.program = "readings"};

void door_read_as(struct door *d, enum reading_way way)
{
    d->way = way;
}

/* Something that is not for the whole space was shown: the record itself, or one of its fields. */
static bool confides(const struct record_type *type, const void *shown)
{
    bool more = !type->reader && record_level(type, shown) > VISIBILITY_SPACE;
    for (int i = 0; i < type->count && !more; i++)
        more = type->fields[i].visibility > VISIBILITY_SPACE && field_known(&type->fields[i], shown);
    return more;
}

/* By the viewer, now. */
static struct fault *note(const struct door *d, enum reading_way way, const char *type, int64_t record)
{
    static const enum journal_act acts[] = {[READING_PAGE] = JOURNAL_READ,
                                            [READING_PROGRAM] = JOURNAL_READ_PROGRAM,
                                            [READING_EXPORT] = JOURNAL_READ_EXPORT,
                                            [READING_COMMAND] = JOURNAL_READ_COMMAND};
    const struct reading reading = {
        .at_us = now_us(), .person = d->viewer.person, .act = acts[way], .type = type, .record = record};
    return read_log_note(space_readings(d->space), &reading);
}

struct fault *note_reading(const struct door *d, const struct record_type *type, const void *shown)
{
    int64_t id = ((const struct record_head *)shown)->id;
    if (d->way == READING_NONE || !confides(type, shown))
        return NULL;
    if (!d->held)
        return note(d, d->way, type->name, id);
    buffer_print(d->held, "%d %s %lld\n", (int)d->way, type->name, (long long)id);
    return buffer_check(d->held);
}

struct fault *door_note_fetched(const struct door *d, const struct record_type *type, const void *shown)
{
    int64_t id = ((const struct record_head *)shown)->id;
    return d->viewer.program ? NULL : note(d, READING_EXPORT, type->name, id);
}

bool door_lists_open(const struct door *d)
{
    return d->way > READING_PAGE;
}

struct fault *door_note_listed(const struct door *d, const struct record_type *type, const void *shown)
{
    return door_lists_open(d) ? note_reading(d, type, shown) : NULL;
}

void door_hold_readings(struct door *d)
{
    d->held = buffer_new(d->arena, LIMIT_RESPONSE);
}

struct slice door_held_readings(const struct door *d)
{
    return d->held ? buffer_view(d->held) : S("");
}

struct fault *door_note_held(const struct door *d, struct slice held)
{
    ARENA_SCOPE(work);
    struct slice line;
    while (held.len && slice_cut(&held, '\n', &line)) {
        char *end = NULL;
        const char *text = slice_text(work, line), *name = strchr(text, ' '), *id = strrchr(text, ' ');
        long way = strtol(text, &end, 10);
        const struct record_type *type =
            name && name < id ? record_type_find(arena_text(work, name + 1, (size_t)(id - name - 1))) : NULL;
        if (end != name || !type || way <= READING_NONE || way > READING_COMMAND)
            return fault(FAULT_INVALID, "It cannot be told any more what this file was made of.");
        TRY(note(d, (enum reading_way)way, type->name, strtoll(id, NULL, 10)));
    }
    return NULL;
}

/* Where somebody comes from: their organisations today, or what they are in the space. */
struct origin {
    int64_t person;
    const char *text;
};

static struct fault *origin_of(struct door *d, struct origin *o)
{
    struct person p;
    struct mandate *mandates = NULL;
    size_t count = 0;
    const char **names = NULL;
    struct filter filter = {
        .field = field_find(&mandate_type, "person"), .comparison = OPERATOR_EQUAL, .integer = o->person};
    struct list_query query = {.type = &mandate_type, .filters = &filter, .filter_count = 1};
    o->text = tr("the program");
    if (!o->person)
        return NULL;
    o->text = tr("somebody who has left");
    struct fault *absent = rows_load(d->read, d->arena, &person_type, o->person, &everything, &p);
    if (absent && absent->code == FAULT_NOT_FOUND)
        return NULL;
    TRY(absent);
    if (role_of_code(p.role) == ROLE_FACILITATOR) {
        o->text = choice_label(field_find(&person_type, "role"), p.role);
        return NULL;
    }
    TRY(rows_list(d->read, d->arena, &query, &everything, (void **)&mandates, &count, NULL));
    int64_t *organisations = NEW(d->arena, int64_t, count + 1);
    for (size_t i = 0; i < count; i++)
        organisations[i] = mandates[i].organisation;
    TRY(door_names(d, &organisation_type, organisations, count, &names));
    struct buffer *all = buffer_new(d->arena, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < count; i++)
        if (names[i])
            buffer_print(all, "%s%s", all->len ? ", " : "", names[i]);
    o->text = all->len ? buffer_string(all) : choice_label(field_find(&person_type, "role"), p.role);
    return NULL;
}

static struct fault *origin_find(struct door *d, struct origin *known, size_t *count, int64_t person,
                                 const char **text)
{
    size_t at = 0;
    while (at < *count && known[at].person != person)
        at++;
    if (at == *count) {
        known[(*count)++].person = person;
        TRY(origin_of(d, &known[at]));
    }
    *text = known[at].text;
    return NULL;
}

bool door_may_see_readings(const struct door *d, const struct record_type *type, const void *record)
{
    return d->viewer.program ||
           level_visible(&d->viewer, VISIBILITY_CONFIDENTIAL, record_owner(type, record));
}

/* When the record came to the organisation that owns it now: who read it before is a matter of another's. */
static struct fault *owned_since(struct door *d, const struct record_type *type, int64_t id,
                                 int64_t *since_us)
{
    enum { MOST = 1000 };
    struct journal_entry *entries = NULL;
    size_t count = 0;
    const struct field *owner = type->owner ? field_find(type, type->owner) : NULL;
    *since_us = 0;
    if (owner)
        TRY(journal_of_record(d->read, d->arena, &everything, type->name, id, MOST, &entries, &count));
    for (size_t i = 0; i < count && !*since_us; i++)
        for (size_t k = 0; k < entries[i].count && entries[i].act == JOURNAL_UPDATE; k++)
            if (entries[i].changes[k].field == owner->id)
                *since_us = entries[i].at_us;
    return NULL;
}

/* The line of the same day, origin and way, or a new one at the end. */
static struct reading_line *line_of_day(struct reading_line *lines, size_t *count,
                                        const struct reading_line *like)
{
    for (size_t i = *count; i > 0 && lines[i - 1].day == like->day; i--)
        if (lines[i - 1].kind == like->kind && strcmp(lines[i - 1].who, like->who) == 0)
            return &lines[i - 1];
    lines[*count] = *like;
    return &lines[(*count)++];
}

struct fault *door_readings(struct door *d, const struct record_type *type, int64_t id,
                            struct reading_line **lines, size_t *count)
{
    enum { MOST = 500 };
    static const char *const ways[] = {N_("read on its page"), N_("read by a program"), N_("exported"),
                                       N_("read by a command on the server")};
    void *record = record_new(d->arena, type);
    struct reading *readings = NULL;
    struct sight sight = door_sight(d);
    size_t found = 0, origins = 0;
    int64_t since_us;
    *count = 0;
    TRY(rows_load(d->read, d->arena, type, id, &sight, record));
    if (!door_may_see_readings(d, type, record))
        return fault(FAULT_DENIED, "Who read this is for its organisation and the facilitators.");
    TRY(owned_since(d, type, id, &since_us));
    TRY(readings_of_record(d->read, d->arena, type->name, id, MOST, &readings, &found));
    struct origin *known = NEW(d->arena, struct origin, found + 1);
    *lines = NEW(d->arena, struct reading_line, found + 1);
    for (size_t i = 0; i < found && readings[i].at_us >= since_us; i++) {
        struct reading_line line = {.day = day_at(readings[i].at_us),
                                    .kind = (enum reading_way)(READING_PAGE + readings[i].act - JOURNAL_READ),
                                    .way = tr(ways[readings[i].act - JOURNAL_READ])};
        if (readings[i].person || line.kind == READING_COMMAND)
            TRY(origin_find(d, known, &origins, readings[i].person, &line.who));
        else
            line.who = tr("a visitor");
        line_of_day(*lines, count, &line)->times += readings[i].times;
    }
    return NULL;
}
