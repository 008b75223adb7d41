/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* demo_history.c - what has happened in the spaces of the demonstration since they were set up. */
#include <string.h>

#include "attached/attached.h"
#include "clock/clock.h"
#include "demo/internal.h"
#include "demo_data.h"
#include "documents/documents.h"
#include "introductions/deals.h"

struct history {
    int64_t now, last; /* last: days ago of the row before */
};

static struct fault *id_of(struct demo_loader *l, struct slice code, int64_t *id)
{
    const struct demo_code *found = demo_code_find(&l->records, code);
    if (!found || !found->id)
        return fault(FAULT_BUG, "Unknown code \"%.*s\".", SLICE_ARGS(code));
    *id = found->id;
    return NULL;
}

/* "n-carrure carnot 1 carrure-2": which need, who is asked, at which place among the ranked firms, to do it
 * together with whom. */
static struct fault *propose(struct demo_loader *l, struct door *by, const struct demo_row *row)
{
    struct slice more = demo_cell(row, "more"), need_code, asked_code, place, with_code;
    int64_t need = 0, asked = 0, rank = 0, with = 0, made = 0;
    (void)slice_cut(&more, ' ', &need_code);
    (void)slice_cut(&more, ' ', &asked_code);
    if (slice_cut(&more, ' ', &place))
        (void)integer_parse(place, &rank);
    if (slice_cut(&more, ' ', &with_code) && with_code.len)
        TRY(id_of(l, with_code, &with));
    TRY(id_of(l, need_code, &need));
    TRY(id_of(l, asked_code, &asked));
    TRY(deal_propose(by, &(struct deal_proposal){need, asked, rank, with}, &made));
    return demo_code_add(l, &l->records, demo_cell(row, "deal"), made);
}

/* By who was asked on their card, by the others on the introduction. */
static struct fault *act(struct demo_loader *l, struct door *by, const struct demo_row *row)
{
    struct arena *a = door_arena(by);
    const char *more = slice_text(a, demo_cell(row, "more"));
    struct deal_answer said = {.act = slice_text(a, demo_cell(row, "act")),
                               .reason = more,
                               .value = strncmp(more, "to_", 3) ? NULL : more};
    struct blind_card card;
    struct agreement text;
    struct door *program = NULL;
    int64_t deal = 0;
    TRY(id_of(l, demo_cell(row, "deal"), &deal));
    TRY(door_open_program(door_space(by), a, &program));
    TRY(deal_card_of(program, deal, &card));
    TRY(deal_agreement(program, &blind_card_type, &card, &text));
    said.agreement = text.id;
    return viewer_acts_for(door_viewer(by), card.organisation) ? deal_answer_card(by, card.id, &said)
                                                               : deal_act(by, deal, &said);
}

/* The need or the organisation of the row is what the record hangs on. */
static struct fault *hang(struct demo_loader *l, struct door *by, const struct demo_row *row,
                          const struct record_type *type, void *record, int64_t *id)
{
    struct need need;
    const struct record_type *to = &need_type;
    TRY(id_of(l, demo_cell(row, "deal"), id));
    if (door_load(by, need, *id, &need, NULL))
        to = &organisation_type;
    record_clear(type, record);
    record_start(type, record);
    *(int64_t *)field_at(attached_by(type, to), record) = *id;
    return NULL;
}

static struct fault *note(struct demo_loader *l, struct door *by, const struct demo_row *row)
{
    struct note n;
    int64_t id;
    TRY(hang(l, by, row, &note_type, &n, &id));
    n.organisation = door_viewer(by)->organisations[0];
    n.text = slice_text(door_arena(by), demo_cell(row, "more"));
    n.visibility = slice_equal(demo_cell(row, "act"), S("note")) ? "space" : "confidential";
    return door_save(by, note, &n, ALL_FIELDS);
}

static struct fault *follow(struct demo_loader *l, struct door *by, const struct demo_row *row)
{
    struct follow f;
    int64_t id;
    TRY(hang(l, by, row, &follow_type, &f, &id));
    return door_save(by, follow, &f, ALL_FIELDS);
}

/* "name.txt|what it says": the first of its name adds the document, those after it are its versions. */
static struct fault *file(struct demo_loader *l, struct door *by, const struct demo_row *row)
{
    struct document document;
    struct document_version version;
    struct list_page page;
    struct slice text = demo_cell(row, "more"), name;
    int64_t id;
    (void)slice_cut(&text, '|', &name);
    const char *file_name = slice_text(door_arena(by), name);
    TRY(hang(l, by, row, &document_type, &document, &id));
    TRY(attached_list(by, &document_type, record_type_find(record_hangs_by(&document_type, &document)->to),
                      id, &page));
    for (size_t i = 0; i < page.count; i++)
        if (strcmp(((struct document *)page.records)[i].title, file_name) == 0)
            return document_give(by, ((struct document *)page.records)[i].id, file_name, text, &version);
    document.organisation = door_viewer(by)->organisations[0];
    return document_add(by, &document, file_name, text);
}

/* What is no act of an introduction. */
static const struct {
    const char *act;
    struct fault *(*run)(struct demo_loader *, struct door *, const struct demo_row *);
} other_acts[] = {
    {"propose", propose}, {"note", note}, {"staff_note", note}, {"follow", follow}, {"file", file}};

static struct fault *happen(struct demo_loader *l, struct history *h, const struct demo_row *row)
{
    ARENA_SCOPE(work);
    struct door *by = NULL;
    int64_t days = 0, person = 0;
    if (!integer_parse(demo_cell(row, "days"), &days) || days > h->last)
        return fault(FAULT_BUG, "Days are counted back, and in order.");
    h->last = days;
    clock_hold(h->now - days * 24 * 3600 * SECOND_US + row->line * SECOND_US);
    TRY(id_of(l, demo_cell(row, "by"), &person));
    TRY(door_open(door_space(l->door), work, person, &by));
    for (size_t i = 0; i < COUNT(other_acts); i++)
        if (slice_equal(demo_cell(row, "act"), slice_of(other_acts[i].act)))
            return other_acts[i].run(l, by, row);
    return act(l, by, row);
}

struct spaces {
    struct demo_loader *at;
    size_t count;
    struct history *history;
};

static struct fault *take_row(struct demo_loader *first, const void *owner, const struct demo_row *row)
{
    const struct spaces *s = owner;
    (void)first;
    for (size_t i = 0; i < s->count; i++)
        if (demo_row_wanted(&s->at[i], row))
            TRY(happen(&s->at[i], s->history, row));
    return NULL;
}

struct fault *demo_history(struct demo_loader *loaders, size_t count, int64_t now_us)
{
    struct history h = {now_us, DEMO_DAYS};
    const struct spaces all = {loaders, count, &h};
    return demo_rows(loaders, "introductions.tsv",
                     (struct slice){demo_introductions, DEMO_INTRODUCTIONS_COUNT}, take_row, &all);
}
