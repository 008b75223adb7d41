/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* directory_rows.c - what one line of the results says, and why the organisation is among them. */
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "directory/internal.h"
#include "records/choices.h"
#include "text/capital.h"
#include "text/fold.h"

enum { EXCERPT = 150, MOST_REASONS = 2 };

struct rows {
    struct arena *arena;
    const struct catalogue *catalogue;
    struct marker *marker;
    const struct directory_answer *answer;
};

static const char *country_name(const char *code)
{
    static const struct {
        const char *code, *name;
    } countries[] = {
        {"CH", N_("Switzerland")}, {"DE", N_("Germany")}, {"IT", N_("Italy")}, {"BE", N_("Belgium")}};
    for (size_t i = 0; i < COUNT(countries); i++)
        if (strcmp(code, countries[i].code) == 0)
            return tr(countries[i].name);
    return code;
}

static const char *place_of(struct arena *a, const struct catalogue_entry *e)
{
    const struct site *s = e->main_site;
    if (!s || !s->commune)
        return NULL;
    bool abroad = s->country && strcmp(s->country, "FR") != 0;
    return abroad ? arena_print(a, "%s, %s", s->commune, country_name(s->country)) : s->commune;
}

static const char *size_of(struct arena *a, const struct organisation *o)
{
    if (known_integer(o->headcount))
        return arena_print(a, tr_plural(o->headcount, "%s person", "%s people"),
                           integer_print(a, o->headcount));
    for (const struct choice *c = size_classes; o->size_class && c->code; c++)
        if (strcmp(c->code, o->size_class) == 0)
            return tr(c->label);
    return NULL;
}

/* "RJC (Responsible Jewellery Council)" → "RJC": a hallmark is small. */
static const char *short_label(struct arena *a, const struct term *t)
{
    const char *label = term_label(t), *bracket = strstr(label, " (");
    return capitalised(a, bracket ? arena_text(a, label, (size_t)(bracket - label)) : label);
}

static void fill_marks(const struct rows *r, const struct catalogue_entry *e, struct directory_row *row)
{
    size_t most = 0;
    for (size_t i = 0; i < e->certificate_count; i++)
        most += e->certificates[i].certification.count;
    if (!most)
        return;
    struct directory_mark *marks = NEW(r->arena, struct directory_mark, most);
    int64_t day = today();
    for (size_t i = 0; i < e->certificate_count; i++) {
        const struct certificate *k = &e->certificates[i];
        for (size_t j = 0; k->held != FLAG_NO && j < k->certification.count; j++) {
            const struct term *t = catalogue_term(r->catalogue, k->certification.ids[j]);
            if (t)
                marks[row->mark_count++] = (struct directory_mark){short_label(r->arena, t),
                                                                   known_integer(k->until) && k->until < day};
        }
    }
    row->marks = marks;
}

/* A capability with one of the chosen terms, or below it, is what one came for. */
static bool has_chosen_term(const struct rows *r, const struct capability *k)
{
    const struct term_list *lists[] = {&k->processes, &k->materials, &k->components};
    for (size_t f = 0; f < r->answer->filter_count; f++) {
        const struct directory_filter *chosen = &r->answer->filters[f];
        const struct term *t =
            directory_facets[chosen->facet].terms ? catalogue_term_by_code(r->catalogue, chosen->code) : NULL;
        for (size_t l = 0; t && l < COUNT(lists); l++)
            for (size_t i = 0; i < lists[l]->count; i++)
                if (catalogue_term_within(r->catalogue, lists[l]->ids[i], t->id))
                    return true;
    }
    return false;
}

static int weight_of(const struct rows *r, const struct capability *k, uint64_t *met)
{
    uint64_t title = marker_meets(r->marker, k->title), text = marker_meets(r->marker, k->description);
    *met |= title | text;
    return 3 * __builtin_popcountll(title) + 2 * __builtin_popcountll(text & ~title) + has_chosen_term(r, k);
}

/* The capabilities to name: those that answer best, in their own order among equals. */
static size_t choose_skills(const struct rows *r, const struct catalogue_entry *e,
                            const struct capability **best, uint64_t *met)
{
    int weights[DIRECTORY_NAMED];
    size_t count = 0;
    for (size_t i = 0; i < e->capability_count; i++) {
        int weight = weight_of(r, &e->capabilities[i], met);
        size_t at = count;
        while (at > 0 && weights[at - 1] < weight)
            at--;
        if (at >= DIRECTORY_NAMED)
            continue;
        count += count < DIRECTORY_NAMED;
        for (size_t k = count - 1; k > at; k--) {
            best[k] = best[k - 1];
            weights[k] = weights[k - 1];
        }
        best[at] = &e->capabilities[i];
        weights[at] = weight;
    }
    return count;
}

/* What the line ends with: terms that say why, when its text does not. */
struct reasons {
    const char *labels[MOST_REASONS + DIRECTORY_FACETS];
    size_t count;
};

static void add_reason(const struct rows *r, const char *label, const char *text, struct reasons *reasons)
{
    const char *folded = fold_text(r->arena, label);
    for (size_t i = 0; i < reasons->count; i++)
        if (strcmp(reasons->labels[i], label) == 0)
            return;
    if (reasons->count < COUNT(reasons->labels) && !strstr(fold_text(r->arena, text), folded))
        reasons->labels[reasons->count++] = label;
}

/* Words met only through the nomenclature: its most particular terms. */
static void reasons_of_words(const struct rows *r, uint32_t number, uint64_t missing, const char *text,
                             struct reasons *reasons)
{
    const struct directory_index *x = r->catalogue->directory;
    const struct index_entry *e = &x->entries[number];
    for (int told = 0; missing && told < MOST_REASONS; told++) {
        uint32_t best = NO_VALUE;
        uint64_t gain = 0;
        for (uint32_t k = 0; k < e->value_count; k++) {
            uint64_t met = marker_meets_term(r->marker, x, e->values[k]) & missing;
            bool deeper =
                met == gain && best != NO_VALUE && x->values[e->values[k]].level > x->values[best].level;
            if (met && (__builtin_popcountll(met) > __builtin_popcountll(gain) || deeper)) {
                best = e->values[k];
                gain = met;
            }
        }
        if (best == NO_VALUE)
            return;
        add_reason(r, x->values[best].label[language()], text, reasons);
        missing &= ~gain;
    }
}

/* The most particular value of the organisation that is the chosen one, or below it; NO_VALUE: none. */
static uint32_t deepest_below(const struct directory_index *x, const struct index_entry *e, uint32_t chosen)
{
    uint32_t best = NO_VALUE;
    for (uint32_t k = 0; k < e->value_count && chosen != NO_VALUE; k++) {
        uint32_t up = e->values[k];
        while (up != NO_VALUE && up != chosen)
            up = x->values[up].parent;
        if (up != NO_VALUE && (best == NO_VALUE || x->values[e->values[k]].level > x->values[best].level))
            best = e->values[k];
    }
    return best;
}

/* Chosen terms of which the text does not speak; certificates stand below it anyway. */
static void reasons_of_choices(const struct rows *r, uint32_t number, const char *text,
                               struct reasons *reasons)
{
    const struct directory_index *x = r->catalogue->directory;
    size_t label = 0;
    for (size_t f = 0; f < r->answer->filter_count; f++) {
        const struct directory_filter *chosen = &r->answer->filters[f];
        if (!directory_facets[chosen->facet].terms || marker_mentions(r->marker, label++, text) ||
            chosen->facet == DIRECTORY_CERTIFICATION)
            continue;
        uint32_t best = deepest_below(x, &x->entries[number], index_find(x, chosen->facet, chosen->code));
        if (best != NO_VALUE)
            add_reason(r, x->values[best].label[language()], text, reasons);
    }
}

/* Know-how, then own words where they add something; *met: the words of the query that it meets, with the
 * name. */
static const char *skill_text(const struct rows *r, struct directory_row *row, uint64_t *met)
{
    const struct catalogue_entry *e = row->entry;
    const struct capability **best = row->named;
    const char *activity = e->organisation.activity;
    struct buffer *text = buffer_new(r->arena, LIMIT_LONG_TEXT);
    *met = marker_meets(r->marker, e->organisation.name);
    size_t count = choose_skills(r, e, best, met);
    for (size_t i = 0; i < count; i++) {
        uint64_t title = marker_meets(r->marker, best[i]->title);
        buffer_print(text, "%s%s", i ? " · " : "", best[i]->title);
        if (best[i]->description &&
            ((marker_meets(r->marker, best[i]->description) & ~title) || e->capability_count == 1))
            buffer_print(text, "%s%s", tr(": "), marker_excerpt(r->marker, best[i]->description, EXCERPT));
    }
    row->named_count = count;
    row->more = e->capability_count - count;
    uint64_t own = marker_meets(r->marker, activity);
    if (activity && (!count || (own & ~*met)))
        buffer_print(text, "%s%s", text->len ? " · " : "", marker_excerpt(r->marker, activity, EXCERPT));
    *met |= own;
    return buffer_string(text);
}

static struct text_line skill_line(const struct rows *r, uint32_t number, struct directory_row *row)
{
    uint64_t met;
    struct reasons reasons = {0};
    const char *text = skill_text(r, row, &met);
    reasons_of_words(r, number, marker_query(r->marker) & ~met, text, &reasons);
    reasons_of_choices(r, number, text, &reasons);
    struct text_line line = marker_line(r->marker, text);
    if (!reasons.count)
        return line;
    struct text_piece *pieces = NEW(r->arena, struct text_piece, line.count + 2 * reasons.count);
    size_t count = 0;
    for (; count < line.count; count++)
        pieces[count] = line.pieces[count];
    for (size_t i = 0; i < reasons.count; i++) {
        if (count)
            pieces[count++] = (struct text_piece){S(" · "), false};
        pieces[count++] = (struct text_piece){slice_of(reasons.labels[i]), true};
    }
    return (struct text_line){pieces, count};
}

static void fill_row(const struct rows *r, uint32_t number, struct directory_row *row)
{
    const struct catalogue_entry *e = &r->catalogue->entries[number];
    *row = (struct directory_row){.entry = e, .closed = r->catalogue->directory->entries[number].closed};
    row->place = place_of(r->arena, e);
    row->size = size_of(r->arena, &e->organisation);
    row->name = marker_line(r->marker, e->organisation.name);
    row->skill = skill_line(r, number, row);
    fill_marks(r, e, row);
}

static struct fault *lines_make(struct catalogue_build *b)
{
    static const struct directory_answer nothing_chosen;
    const struct catalogue *c = &b->catalogue;
    struct rows r = {b->arena, c, marker_new(b->arena, NULL, NULL, 0), &nothing_chosen};
    struct directory_row *lines = NEW(b->arena, struct directory_row, c->count + 1);
    for (uint32_t i = 0; i < c->count; i++)
        fill_row(&r, i, &lines[i]);
    TRY(arena_check(b->arena));
    b->lines[language()] = lines;
    return NULL;
}

/* Where nothing is searched or chosen, the lines of all entries wait in the catalogue, a language each; those
 * that were shown, drawn. */
static struct fault *plain_rows(struct catalogue_build *b, const struct directory_look *look,
                                const uint32_t *found, size_t count, struct directory_row *rows)
{
    struct fault *failed = NULL;
    (void)pthread_mutex_lock(&b->making);
    if (!b->lines[language()])
        failed = catalogue_made(b, lines_make(b));
    for (size_t i = 0; i < count && !failed; i++) {
        struct directory_row *line = &b->lines[language()][found[i]];
        if (look && !line->drawn.bytes.len) {
            struct html *h = html_new(b->arena, LIMIT_RESPONSE);
            look->row(h, line);
            line->drawn = html_done(h);
        }
        rows[i] = *line;
    }
    (void)pthread_mutex_unlock(&b->making);
    return failed;
}

/* What a row says of an organisation and of its know-how; sites and certificates are for everybody. */
static struct fault *note_row(const struct door *d, const struct directory_row *row)
{
    const struct organisation *o = &row->entry->organisation;
    struct organisation told;
    record_clear(&organisation_type, &told);
    told.id = o->id;
    told.name = o->name;
    told.activity = o->activity;
    told.visibility = o->visibility;
    TRY(door_note_listed(d, &organisation_type, &told));
    for (size_t i = 0; i < row->named_count; i++) {
        struct capability k;
        record_clear(&capability_type, &k);
        k.id = row->named[i]->id;
        k.title = row->named[i]->title;
        k.visibility = row->named[i]->visibility;
        TRY(door_note_listed(d, &capability_type, &k));
    }
    return NULL;
}

static struct fault *make_rows(struct door *d, const struct directory_request *asked,
                               const struct directory_answer *answer, size_t first, size_t count,
                               struct directory_row *rows)
{
    struct arena *a = door_arena(d);
    const char **labels = NEW(a, const char *, answer->filter_count + 1);
    size_t label_count = 0;
    for (size_t i = 0; i < answer->filter_count; i++)
        if (directory_facets[answer->filters[i].facet].terms)
            labels[label_count++] = answer->filters[i].label;
    if (!answer->filter_count && !(asked->query && *asked->query))
        return plain_rows(answer->catalogue->build, asked->look, answer->found + first, count, rows);
    struct rows r = {a, answer->catalogue, marker_new(a, asked->query, labels, label_count), answer};
    for (size_t i = 0; i < count; i++)
        fill_row(&r, answer->found[first + i], &rows[i]);
    return arena_check(a);
}

struct fault *directory_rows(struct door *d, const struct directory_request *asked,
                             const struct directory_answer *answer, size_t first, size_t count,
                             const struct directory_row **out)
{
    struct directory_row *rows = NEW(door_arena(d), struct directory_row, count + 1);
    *out = rows;
    TRY(make_rows(d, asked, answer, first, count, rows));
    for (size_t i = 0; i < count && door_lists_open(d); i++)
        TRY(note_row(d, &rows[i]));
    return NULL;
}
