/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* attached_rules.c - what may be hung on a record that others look after, and who changes what was signed. */
#include "attached/attached.h"

#include "arena/arena.h"
#include "contents/contents.h"
#include "i18n/i18n.h"
#include "rows/rows.h"

static const struct sight everything = {.program = "attached"};

/* What is hung, and where: `was` is unknown to a new one. */
struct hanging {
    struct door *door;
    const struct record_type *type;
    const void *record, *was;
    const struct field *by;
    int64_t on;
};

static struct fault *check_room(const struct hanging *h)
{
    const struct filter theirs[] = {{.field = h->by, .comparison = OPERATOR_EQUAL, .integer = h->on},
                                    {.field = field_find(h->type, h->type->owner),
                                     .comparison = OPERATOR_EQUAL,
                                     .integer = record_owner(h->type, h->record)}};
    const struct list_query query = {
        .type = h->type, .filters = theirs, .filter_count = COUNT(theirs), .limit = LIMIT_ATTACHED + 1};
    const size_t itself =
        !h->was && ((const struct record_head *)h->record)->id; /* brought back, it is there */
    void *found = NULL;
    size_t count = 0;
    TRY(rows_list(door_connection(h->door), door_arena(h->door), &query, &everything, &found, &count, NULL));
    if (count - itself < LIMIT_ATTACHED)
        return NULL;
    return fault(FAULT_CONFLICT, "Your organisation has %d of these on this record: withdraw one first.",
                 LIMIT_ATTACHED);
}

/* Who does not look after a record shows nothing on it to visitors, nor to all but a competitor, who could be
 * the one that looks after it; and does not fill its page. */
static struct fault *check_place(const struct hanging *h)
{
    const enum visibility level = record_level(h->type, h->record);
    const bool moved = !h->was || !field_equal(h->by, h->record, h->was);
    const bool reaching = level == VISIBILITY_PUBLIC || level == VISIBILITY_NONCOMPETING;
    const bool opened = reaching && (moved || record_level(h->type, h->was) != level);
    bool ours;
    if ((!moved && !opened) || door_viewer(h->door)->program)
        return NULL;
    TRY(door_looks_after(h->door, record_type_find(h->by->to), h->on, &ours));
    if (ours)
        return NULL;
    if (level == VISIBILITY_PUBLIC)
        return fault_in(
            h->type->visibility_field,
            fault(FAULT_INVALID, "Only who looks after this record shows something on it to everybody."));
    if (level == VISIBILITY_NONCOMPETING)
        return fault_in(
            h->type->visibility_field,
            fault(FAULT_INVALID, "Only who looks after this record shuts something on it to competitors."));
    return moved ? check_room(h) : NULL;
}

static struct fault *saving(struct door *d, const struct record_type *type, const void *record,
                            const void *was)
{
    struct hanging h = {
        .door = d, .type = type, .record = record, .was = was, .by = record_hangs_by(type, record)};
    h.on = *(const int64_t *)field_in(h.by, record);
    return check_place(&h);
}

struct fault *note_saving(struct door *d, const void *record, const void *stored)
{
    const struct note *n = record, *was = stored;
    const struct viewer *v = door_viewer(d);
    if (was && !v->program && was->author != v->person &&
        visibility_of_code(n->visibility) < visibility_of_code(was->visibility))
        return fault_in("visibility", fault(FAULT_INVALID, "Only who signed it shows it to more."));
    return saving(d, &note_type, record, stored);
}

struct fault *document_saving(struct door *d, const void *record, const void *stored)
{
    const struct document *document = record;
    bool whole = true;
    if (!stored && document->id) /* brought back */
        TRY(contents_whole(door_connection(d), document->id, &whole));
    return whole ? saving(d, &document_type, record, stored)
                 : fault(FAULT_CONFLICT, "This was removed more than %d days ago: its files are gone.",
                         UNDO_DAYS);
}
