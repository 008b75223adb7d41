/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* door_history.c - what happened to a record, as far as it was and is open to the viewer. */
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "door/internal.h"
#include "i18n/i18n.h"
#include "journal/past.h"

static const struct field *field_by_id(const struct record_type *type, int id)
{
    for (int i = 0; i < type->count; i++)
        if (type->fields[i].id == id)
            return &type->fields[i];
    return NULL;
}

/* A stored value as the reader sees it; a value an older description wrote may no longer parse: shown
 * plain. */
static const char *shown_value(struct door *d, const struct record_type *type, const struct field *f,
                               const char *plain)
{
    if (!plain)
        return NULL;
    void *scratch = arena_alloc(d->arena, 1, type->size, alignof(max_align_t));
    record_clear(type, scratch);
    if (value_load(f, d->arena, slice_of(plain), scratch) != NULL)
        return plain;
    return value_shown(f, d->arena, scratch);
}

/* A change of a reference between records the reader may not see is none. */
static struct fault *change_shown(struct door *d, const struct field *f, const struct journal_change *c,
                                  bool *show)
{
    const char *const ends[] = {c->before, c->after};
    *show = f->kind != KIND_ref || d->viewer.program;
    for (int i = 0; i < 2 && !*show; i++)
        if (ends[i])
            TRY(reference_seen(d, f, strtoll(ends[i], NULL, 10), show));
    return NULL;
}

/* Who changed what an organisation owns acts for it, or is a facilitator: only these are told, who sees its
 * mandates. Who took something off acts for another organisation, of which this is not said: then
 * facilitators alone are told. */
static bool author_told(const struct door *d, int64_t owner, int64_t person, bool by_another)
{
    enum { NOBODYS = -1 };
    const struct viewer *v = &d->viewer;
    return person == v->person || (!owner && !by_another) ||
           level_visible(v, mandate_type.visibility, by_another ? NOBODYS : owner);
}

static struct fault *history_line_of(struct door *d, const struct record_type *type,
                                     const struct now_record *now, const struct journal_entry *e,
                                     struct history_line *line)
{
    static const char *const acts[] = {N_("added"), N_("changed"), N_("removed"), N_("brought back")};
    *line =
        (struct history_line){.entry = e->id,
                              .batch = e->batch,
                              .at_us = e->at_us,
                              .act = tr(acts[e->act]),
                              .may_undo = door_may_undo(d, e->person, e->at_us) && !type_gives_rights(type)};
    line->changes = NEW(d->arena, struct history_change, e->count + 1);
    bool moved_off = false;
    for (size_t i = 0; i < e->count; i++) {
        const struct field *f = field_by_id(type, e->changes[i].field);
        moved_off |= f && f->takes_off && e->act == JOURNAL_UPDATE;
        bool show = f && now->shown >> (f - type->fields) & 1;
        if (show)
            TRY(change_shown(d, f, &e->changes[i], &show));
        if (show && f->takes_off && e->act == JOURNAL_UPDATE)
            line->act = strcmp(e->changes[i].after ? e->changes[i].after : "", "1") == 0 ? tr("taken off")
                                                                                         : tr("put back");
        if (show)
            line->changes[line->count++] =
                (struct history_change){.field = f,
                                        .before = shown_value(d, type, f, e->changes[i].before),
                                        .after = shown_value(d, type, f, e->changes[i].after)};
    }
    const char **name = NULL;
    if (e->person && author_told(d, now->owner, e->person, moved_off)) {
        TRY(door_names(d, &person_type, &e->person, 1, &name));
        line->person = name[0];
    }
    return NULL;
}

/* Was the record open to the viewer before and after the entry, and is it its owner's now as it was then?
 * What happened while it was closed, or another organisation's, stays closed. */
static struct fault *entry_open(struct door *d, const struct record_type *type, int64_t owner,
                                const struct journal_entry *e, bool *open)
{
    struct past p;
    void *then = record_new(d->arena, type);
    *open = true;
    if (d->viewer.program)
        return NULL;
    TRY(past_of(door_connection(d), d->arena, type->name, e->record, e->id, &p));
    p.present = true; /* what was deleted was as open as before */
    if (e->act != JOURNAL_INSERT)
        TRY(state_open(d, type, &p, owner, e->id, then, open));
    if (!*open)
        return NULL;
    TRY(past_apply(&p, e));
    p.present = true;
    return state_open(d, type, &p, owner, e->id, then, open);
}

bool type_gives_rights(const struct record_type *type)
{
    return type == &person_type || type == &mandate_type;
}

bool door_may_undo(const struct door *d, int64_t person, int64_t at_us)
{
    const struct viewer *v = &d->viewer;
    return (v->program || (v->roles & ROLE_FACILITATOR) || (v->person && v->person == person)) &&
           at_us > now_us() - UNDO_DAYS * 86400 * SECOND_US;
}

struct fault *history_line_load(struct door *d, const struct record_type *type, const struct now_record *now,
                                const struct journal_entry *e, struct history_line *line, bool *shown)
{
    TRY(entry_open(d, type, now->owner, e, shown));
    if (!*shown)
        return NULL;
    TRY(history_line_of(d, type, now, e, line));
    const bool took_off =
        line->count == 1 && line->changes[0].field->takes_off; /* not for who writes it alone */
    line->may_undo &= took_off || record_writable(type, now->record, &d->viewer);
    *shown = line->count || e->act != JOURNAL_UPDATE;
    return NULL;
}

struct fault *door_history(struct door *d, const struct record_type *type, int64_t id,
                           struct history_line **lines, size_t *count)
{
    enum { MOST = 100 };
    struct now_record now;
    struct journal_entry *entries = NULL;
    size_t found = 0;
    TRY(now_load(d, type, id, &now));
    if (now.deleted)
        return fault(FAULT_NOT_FOUND, "%s: there is none here that you may see.", tr(type->title));
    struct sight sight = door_sight(d);
    TRY(journal_of_record(door_connection(d), d->arena, &sight, type->name, id, MOST, &entries, &found));
    *lines = NEW(d->arena, struct history_line, found + 1);
    *count = 0;
    for (size_t i = 0; i < found; i++) {
        bool shown;
        TRY(history_line_load(d, type, &now, &entries[i], &(*lines)[*count], &shown));
        *count += shown;
    }
    return NULL;
}
