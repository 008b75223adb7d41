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

/* Somebody who read: what they are in the space, and for whom they act or did. */
struct reader {
    int64_t person;
    const char *role;
    struct mandate *mandates;
    const char **names; /* of whom each is for */
    size_t count;
};

static struct fault *load_mandates(struct door *d, struct reader *r)
{
    TRY(mandates_of(d, r->person, &r->mandates, &r->count));
    int64_t *organisations = NEW(d->arena, int64_t, r->count + 1);
    for (size_t i = 0; i < r->count; i++)
        organisations[i] = r->mandates[i].organisation;
    return door_names(d, &organisation_type, organisations, r->count, &r->names);
}

static struct fault *load_reader(struct door *d, struct reader *r)
{
    struct person p;
    r->role = tr("the program");
    if (!r->person)
        return NULL;
    r->role = tr("somebody who has left");
    struct fault *absent = rows_load(d->read, d->arena, &person_type, r->person, &everything, &p);
    if (absent && absent->code == FAULT_NOT_FOUND)
        return NULL;
    TRY(absent);
    r->role = choice_label(field_find(&person_type, "role"), p.role);
    return role_of_code(p.role) == ROLE_FACILITATOR ? NULL : load_mandates(d, r);
}

/* For whom they acted on the day, by the mandates that the viewer is told of, or by all; "": for nobody. */
static const char *firms_on(const struct door *d, const struct reader *r, int64_t day, bool all)
{
    struct buffer *firms = buffer_new(d->arena, LIMIT_LONG_TEXT);
    for (size_t i = 0; i < r->count; i++) {
        const struct mandate *m = &r->mandates[i];
        if (r->names[i] && day_within(day, m->since, m->until) &&
            (all || level_visible(&d->viewer, mandate_type.visibility, m->organisation)))
            buffer_print(firms, "%s%s", firms->len ? ", " : "", r->names[i]);
    }
    return buffer_string(firms);
}

/* Mandates are told to few: a file laid out for all would tell a rival who speaks for whom. What is confided
 * to others is opened as one of these, and its owner is told which. */
static const char *reader_on(const struct door *d, const struct reader *r, int64_t day, bool confided)
{
    const char *firms = firms_on(d, r, day, false);
    if (!*firms && confided)
        firms = firms_on(d, r, day, true);
    return *firms ? firms : r->role;
}

static struct fault *find_reader(struct door *d, struct reader *known, size_t *count, int64_t person,
                                 const struct reader **found)
{
    size_t at = 0;
    while (at < *count && known[at].person != person)
        at++;
    if (at == *count) {
        known[(*count)++].person = person;
        TRY(load_reader(d, &known[at]));
    }
    *found = &known[at];
    return NULL;
}

bool door_may_see_readings(const struct door *d, const struct record_type *type, const void *record)
{
    return d->viewer.program ||
           level_visible(&d->viewer, VISIBILITY_CONFIDENTIAL, record_owner(type, record));
}

/* Since when the record belongs to its owner, before which who read it is a matter of another's; and since
 * when it is confided without a break: closing it once rivals have come does not tell who they were. */
struct standing {
    int64_t owned_us, confided_us;
};

static bool was_confided(const char *level)
{
    return visibility_of_code(level) > VISIBILITY_SPACE;
}

static struct fault *find_standing(struct door *d, const struct record_type *type, const void *record,
                                   struct standing *s)
{
    enum { MOST = LIMIT_EXPORT_ROWS }; /* all: what is not seen would be told */
    struct journal_entry *entries = NULL;
    size_t count = 0;
    const struct field *owner = type->owner ? field_find(type, type->owner) : NULL;
    const struct field *level = type->visibility_field ? field_find(type, type->visibility_field) : NULL;
    int64_t id = ((const struct record_head *)record)->id;
    *s = (struct standing){.confided_us = record_level(type, record) > VISIBILITY_SPACE ? 0 : INT64_MAX};
    TRY(journal_of_record(d->read, d->arena, &everything, type->name, id, MOST, &entries, &count));
    for (size_t i = count; i-- > 0;)
        for (size_t k = 0; k < entries[i].count && entries[i].act == JOURNAL_UPDATE; k++) {
            const struct journal_change *c = &entries[i].changes[k];
            if (owner && c->field == owner->id)
                s->owned_us = entries[i].at_us;
            if (level && c->field == level->id && s->confided_us < INT64_MAX && !was_confided(c->before))
                s->confided_us = entries[i].at_us;
        }
    return NULL;
}

/* What hangs on another's record is confided by where it hangs: who opens it there is that one's matter. */
static struct fault *hangs_on_anothers(struct door *d, const struct record_type *type, const void *record,
                                       bool *anothers)
{
    const struct field *by = record_hangs_by(type, record);
    *anothers = false;
    if (!by)
        return NULL;
    const struct record_type *to = record_type_find(by->to);
    void *on = record_new(d->arena, to);
    struct fault *absent =
        rows_load(d->read, d->arena, to, *(const int64_t *)field_in(by, record), &everything, on);
    if (absent && absent->code != FAULT_NOT_FOUND)
        return absent;
    *anothers = absent || record_owner(to, on) != record_owner(type, record);
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
    size_t found = 0, readers = 0;
    struct standing standing;
    bool anothers;
    *count = 0;
    TRY(rows_load(d->read, d->arena, type, id, &sight, record));
    if (!door_may_see_readings(d, type, record))
        return fault(FAULT_DENIED, "Who read this is for its organisation and the facilitators.");
    TRY(find_standing(d, type, record, &standing));
    TRY(hangs_on_anothers(d, type, record, &anothers));
    TRY(readings_of_record(d->read, d->arena, type->name, id, MOST, &readings, &found));
    struct reader *known = NEW(d->arena, struct reader, found + 1);
    *lines = NEW(d->arena, struct reading_line, found + 1);
    for (size_t i = 0; i < found && readings[i].at_us >= standing.owned_us; i++) {
        const struct reader *by = NULL;
        struct reading_line line = {.day = day_at(readings[i].at_us),
                                    .who = tr("a visitor"),
                                    .kind = (enum reading_way)(READING_PAGE + readings[i].act - JOURNAL_READ),
                                    .way = tr(ways[readings[i].act - JOURNAL_READ])};
        if (readings[i].person || line.kind == READING_COMMAND) {
            TRY(find_reader(d, known, &readers, readings[i].person, &by));
            line.who = reader_on(d, by, line.day, !anothers && readings[i].at_us >= standing.confided_us);
        }
        line_of_day(*lines, count, &line)->times += readings[i].times;
    }
    return NULL;
}
