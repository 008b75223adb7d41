/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* needs_read.c - from words to fields, and from fields to chips that show where they were read. */
#include <string.h>

#include "arena/arena.h"
#include "catalogue/internal.h"
#include "clock/clock.h"
#include "i18n/i18n.h"
#include "needs/internal.h"
#include "places/places.h"
#include "text/fold.h"

static bool find_place(void *context, struct slice name, struct geo_point *point)
{
    struct place *found = NULL;
    if (places_named(context, name, (struct place_where){0}, &found) == 0 || !known_real(found[0].point.lat))
        return false;
    *point = found[0].point;
    return true;
}

struct fault *needs_facts(struct door *d, const struct catalogue *c, const struct need *need,
                          struct match_need *facts, struct reading **reading)
{
    struct arena *a = door_arena(d);
    struct reading_places places = {find_place, a};
    const struct catalogue_engines *engines = NULL;
    TRY(catalogue_engines_of(c, &engines));
    *facts = match_need_empty();
    facts->text = slice_of(need->text);
    if (!slice_trim(facts->text).len)
        return fault_in("text", fault(FAULT_INVALID, "Say what you need, in your own words."));
    struct fault *failed =
        match_read_need(a, engines->lexicon, stemming_new(a), today(), &places, facts, reading);
    return fault_in("text", failed);
}

struct term_list *need_terms(struct need *need, enum facet facet)
{
    switch (facet) {
    case FACET_PROCESS:
        return &need->processes;
    case FACET_MATERIAL:
        return &need->materials;
    case FACET_COMPONENT:
        return &need->components;
    case FACET_MARKET:
        return &need->markets;
    case FACET_CERTIFICATION:
        return &need->certifications;
    case FACET_SKILL:
    case FACETS:
        break;
    }
    return NULL;
}

static void remove_term(struct arena *a, struct term_list *list, int64_t id)
{
    struct term_list kept = {.ids = NEW(a, int64_t, list->count + 1)};
    for (size_t i = 0; i < list->count; i++)
        if (list->ids[i] != id)
            kept.ids[kept.count++] = list->ids[i];
    *list = kept;
}

static void fill_integer(int64_t *field, int64_t read)
{
    if (!known_integer(*field))
        *field = read;
}

/* The first line, cut at a word, at most 80 characters. */
static const char *title_of(struct arena *a, const char *text)
{
    enum { MOST = 80 };
    struct slice rest = slice_trim(slice_of(text));
    size_t end = 0, cut = 0, characters = 0;
    for (; end < rest.len && rest.ptr[end] != '\n' && characters < MOST; end++) {
        characters += ((unsigned char)rest.ptr[end] & 0xC0) != 0x80;
        if (rest.ptr[end] == ' ')
            cut = end;
    }
    bool whole = end == rest.len || rest.ptr[end] == '\n';
    return arena_print(a, "%.*s%s", (int)(whole || !cut ? end : cut), rest.ptr, whole ? "" : "…");
}

static const char *first_place(struct arena *a, const struct reading *reading, struct slice text)
{
    for (int i = 0; i < reading->count; i++)
        if (reading->facts[i].kind == FACT_PLACE) {
            const struct fact *f = &reading->facts[i];
            return arena_text(a, text.ptr + f->start, f->end - f->start);
        }
    return NULL;
}

/* The fact that says what a field holds; NULL: nobody reads it there. */
static const struct fact *fact_for(const struct reading *r, enum fact_kind kind, int term, bool negated)
{
    for (int i = 0; i < r->count; i++)
        if (r->facts[i].kind == kind &&
            (kind != FACT_TERM || (r->facts[i].term == term && r->facts[i].negated == negated)))
            return &r->facts[i];
    return NULL;
}

/* "5 000 pièces par mois" counts as a volume; whole kilometres. */
static void fill_numbers(struct need *need, const struct match_need *m)
{
    fill_integer(&need->size.lo, m->size_min);
    fill_integer(&need->size.hi, m->size_max);
    fill_integer(&need->tolerance, m->tolerance);
    fill_integer(&need->it_grade, m->it_grade);
    fill_integer(&need->volume, m->volume);
    fill_integer(&need->quantity, m->quantity);
    fill_integer(&need->deadline, m->deadline);
    if (known_real(m->max_km))
        fill_integer(&need->max_km, (int64_t)m->max_km);
    if (!known_real(need->lat) && known_real(m->point.lat)) {
        need->lat = m->point.lat;
        need->lon = m->point.lon;
    }
}

/* "Surtout pas de titane"; but of a certificate, "non exigé" only says that it may be lacking. */
static bool is_unwanted(const struct term_tree *t, const struct fact *fact)
{
    return fact->kind == FACT_TERM && fact->negated &&
           facet_taken(field_find(&need_type, "unwanted")->to, facet_name(t->terms[fact->term].facet));
}

static void fill_unwanted(struct arena *a, const struct catalogue_engines *engines,
                          const struct reading *reading, struct need *need)
{
    for (int i = 0; i < reading->count; i++) {
        const struct fact *fact = &reading->facts[i];
        if (is_unwanted(engines->tree, fact) && !fact_for(reading, FACT_TERM, fact->term, false))
            term_list_add(a, &need->unwanted, engines->node_term[fact->term]);
    }
}

struct fault *needs_fill(struct door *d, struct need *need)
{
    const struct catalogue *c = NULL;
    struct match_need m;
    struct reading *reading = NULL;
    struct arena *a = door_arena(d);
    TRY(catalogue_of(d, &c));
    const struct catalogue_engines *engines = NULL;
    TRY(catalogue_engines_of(c, &engines));
    TRY(needs_facts(d, c, need, &m, &reading));
    if (!need->title || !*need->title)
        need->title = title_of(a, need->text);
    bool had[FACETS];
    for (int f = 0; f < FACETS; f++)
        had[f] = need_terms(need, (enum facet)f) && need_terms(need, (enum facet)f)->count;
    for (int i = 0; i < reading->count;
         i++) { /* every term that was read: what is not meant is one click away */
        const struct fact *fact = &reading->facts[i];
        if (fact->kind != FACT_TERM || fact->negated)
            continue;
        enum facet facet = engines->tree->terms[fact->term].facet;
        if (facet != FACET_CERTIFICATION && need_terms(need, facet) && !had[facet])
            term_list_add(a, need_terms(need, facet), engines->node_term[fact->term]);
    }
    if (!need->unwanted.count)
        fill_unwanted(a, engines, reading, need);
    for (int i = 0; i < m.required_count && !had[FACET_CERTIFICATION]; i++)
        term_list_add(a, &need->certifications, engines->node_term[m.required[i]]);
    if (!need->place)
        need->place = first_place(a, reading, m.text);
    fill_numbers(need, &m);
    return NULL;
}

struct chips {
    struct door *door;
    const struct catalogue *catalogue;
    const struct reading *reading;
    const struct match_need *facts; /* of the text by itself */
    const struct need *need;
    struct need_reading *out;
    size_t capacity;
};

static struct chip *add_chip(struct chips *c, const char *key, const char *label, const char *value,
                             const struct fact *fact)
{
    struct arena *a = door_arena(c->door);
    struct chip *chip = PUSH(a, c->out->chips, c->out->chip_count, c->capacity);
    *chip =
        (struct chip){.key = key, .label = tr(label), .value = value, .typed = value, .state = CHIP_KNOWN};
    if (fact)
        chip->quote = arena_text(a, c->need->text + fact->start, fact->end - fact->start);
    return chip;
}

static void add_term_chips(struct chips *c, const char *key, const char *label, struct term_list list)
{
    bool unwanted = strcmp(key, "unwanted") == 0;
    for (size_t i = 0; i < list.count; i++) {
        const struct term *term = catalogue_term(c->catalogue, list.ids[i]);
        if (!term)
            continue;
        int node = catalogue_node(c->catalogue, term->id);
        struct chip *chip =
            add_chip(c, key, label, term_label(term), fact_for(c->reading, FACT_TERM, node, unwanted));
        chip->term = term->id;
        if (unwanted)
            chip->value = arena_print(door_arena(c->door), tr("without %s"), chip->typed);
    }
}

/* A field of the description as a chip; quoted when it still says what the text says. */
static void add_field_chip(struct chips *c, const char *key, enum fact_kind kind, bool as_read)
{
    const struct field *f = field_find(&need_type, key);
    struct arena *a = door_arena(c->door);
    if (!field_known(f, c->need))
        return;
    const char *shown = value_shown(f, a, c->need);
    struct chip *chip =
        add_chip(c, key, f->label, shown, as_read ? fact_for(c->reading, kind, TERM_NONE, false) : NULL);
    chip->typed = value_typed(f, a, c->need);
}

/* One value each: what the need says now, and what its text says by itself. */
struct versions {
    int64_t now, read;
};

static struct versions versions_of(const struct need *need, const struct match_need *m, enum fact_kind kind)
{
    switch (kind) {
    case FACT_SIZE:
        if (need->size.lo != m->size_min)
            return (struct versions){need->size.lo, m->size_min};
        return (struct versions){need->size.hi, m->size_max};
    case FACT_TOLERANCE:
        return (struct versions){need->tolerance, m->tolerance};
    case FACT_VOLUME:
        return (struct versions){need->volume, m->volume};
    case FACT_QUANTITY:
        return (struct versions){need->quantity, m->quantity};
    case FACT_DEADLINE:
        return (struct versions){need->deadline, m->deadline};
    case FACT_DISTANCE:
        return (struct versions){need->max_km, known_real(m->max_km) ? (int64_t)m->max_km : UNKNOWN_INTEGER};
    case FACT_TERM:
    case FACT_DETAIL:
    case FACT_GRADE:
    case FACT_ROUGHNESS:
    case FACT_BATCH:
    case FACT_PLACE:
    case FACT_EXCLUDED:
        break;
    }
    return (struct versions){UNKNOWN_INTEGER, UNKNOWN_INTEGER};
}

/* Somebody has put another value in the place of what was remarked. Which of two is meant is also answered by
 * taking the one that was read away. */
static bool is_answered(const struct chips *c, const struct reading_remark *r)
{
    struct versions v = versions_of(c->need, c->facts, r->kind);
    if (v.now == v.read || (!known_integer(v.now) && r->problem != READING_CONTRADICTION))
        return false;
    return r->problem != READING_PAST || v.now >= today();
}

static void add_remarks(struct chips *c)
{
    struct arena *a = door_arena(c->door);
    for (int i = 0; i < c->reading->remark_count; i++) {
        const struct reading_remark *r = &c->reading->remarks[i];
        if (is_answered(c, r))
            continue;
        char *words = arena_text(a, c->need->text + r->start, r->end - r->start);
        struct chip *chip = add_chip(c, "text", N_("To look at again"), words, NULL);
        chip->state = CHIP_PROBLEM;
        chip->remark = tr(reading_problem_text(r->problem));
        chip->quote = words;
    }
}

/* "ISO 9001 non exigée", or what is not wanted and was taken back: no chip tells of it. */
static bool is_dropped(const struct chips *c, const struct fact *f)
{
    if (f->kind != FACT_TERM || !f->negated)
        return false;
    for (size_t i = 0; i < c->need->unwanted.count; i++)
        if (catalogue_node(c->catalogue, c->need->unwanted.ids[i]) == f->term)
            return false;
    return true;
}

static void cut_text(struct chips *c)
{
    struct arena *a = door_arena(c->door);
    const char *text = c->need->text;
    size_t capacity = 0, at = 0, length = strlen(text);
    for (int i = 0; i < c->reading->count; i++) {
        const struct fact *f = &c->reading->facts[i];
        if (f->start < at || is_dropped(c, f))
            continue; /* inside a longer fact, or no fact of this need */
        *PUSH(a, c->out->pieces, c->out->piece_count, capacity) =
            (struct text_piece){arena_text(a, text + at, f->start - at), false};
        *PUSH(a, c->out->pieces, c->out->piece_count, capacity) =
            (struct text_piece){arena_text(a, text + f->start, f->end - f->start), true};
        at = f->end;
    }
    *PUSH(a, c->out->pieces, c->out->piece_count, capacity) =
        (struct text_piece){arena_text(a, text + at, length - at), false};
}

struct fault *needs_read(struct door *d, const struct need *need, struct need_reading *out)
{
    const struct catalogue *catalogue = NULL;
    struct match_need m;
    struct reading *reading = NULL;
    TRY(catalogue_of(d, &catalogue));
    TRY(needs_facts(d, catalogue, need, &m, &reading));
    *out = (struct need_reading){0};
    struct chips c = {d, catalogue, reading, &m, need, out, 0};
    add_term_chips(&c, "processes", N_("Process"), need->processes);
    add_term_chips(&c, "components", N_("Component"), need->components);
    add_term_chips(&c, "materials", N_("Material"), need->materials);
    add_term_chips(&c, "unwanted", N_("Not wanted"), need->unwanted);
    add_field_chip(&c, "size", FACT_SIZE, need->size.lo == m.size_min && need->size.hi == m.size_max);
    add_field_chip(&c, "tolerance", FACT_TOLERANCE, need->tolerance == m.tolerance);
    add_field_chip(&c, "it_grade", FACT_GRADE, need->it_grade == m.it_grade);
    add_field_chip(&c, "volume", FACT_VOLUME, need->volume == m.volume);
    add_field_chip(&c, "quantity", FACT_QUANTITY, need->quantity == m.quantity);
    add_term_chips(&c, "certifications", N_("Certification"), need->certifications);
    add_field_chip(&c, "deadline", FACT_DEADLINE, need->deadline == m.deadline);
    add_field_chip(&c, "max_km", FACT_DISTANCE, (double)need->max_km == m.max_km);
    add_field_chip(&c, "place", FACT_PLACE, true);
    add_term_chips(&c, "markets", N_("Market"), need->markets);
    add_remarks(&c);
    cut_text(&c);
    return NULL;
}

static struct fault *correct_terms(struct door *d, const struct catalogue *c, struct need *need,
                                   const struct field *f, const char *typed, int64_t term, bool remove)
{
    struct arena *a = door_arena(d);
    struct term_list *list = field_at(f, need);
    if (remove || term)
        remove_term(a, list, term);
    if (remove)
        return NULL;
    char *wanted = fold_text(a, typed);
    for (size_t i = 0; i < c->term_count; i++) {
        const struct term *t = &c->terms[i];
        bool named = strcmp(t->code, typed) == 0 || strcmp(fold_text(a, t->label), wanted) == 0 ||
                     strcmp(fold_text(a, t->label_en), wanted) == 0;
        if (named && facet_taken(f->to, t->facet)) {
            term_list_add(a, list, t->id);
            return NULL;
        }
    }
    return fault_in(f->name, fault(FAULT_INVALID, "%s: there is no term \"%s\".", tr(f->label), typed));
}

static struct fault *correct_place(struct door *d, struct need *need)
{
    struct geo_point point;
    need->lat = need->lon = UNKNOWN_REAL;
    if (!need->place)
        return NULL;
    if (!find_place(door_arena(d), slice_of(need->place), &point))
        return fault_in("place", fault(FAULT_INVALID, "There is no place called \"%s\".", need->place));
    need->lat = point.lat;
    need->lon = point.lon;
    return NULL;
}

struct fault *needs_correct(struct door *d, struct need *need, const char *key, const char *typed,
                            int64_t term, bool remove)
{
    static const char *const open[] = {"processes", "components", "materials", "certifications", "markets",
                                       "unwanted",  "size",       "tolerance", "it_grade",       "volume",
                                       "quantity",  "deadline",   "max_km",    "place"};
    const struct catalogue *c = NULL;
    bool known = false;
    for (size_t i = 0; i < COUNT(open); i++)
        known |= strcmp(open[i], key) == 0;
    if (!known)
        return fault(FAULT_INVALID, "A need has no fact \"%s\".", key);
    const struct field *f = field_find(&need_type, key);
    TRY(catalogue_of(d, &c));
    if (f->kind == KIND_terms)
        return correct_terms(d, c, need, f, typed, term, remove);
    TRY(value_parse(f, door_arena(d), slice_of(remove ? "" : typed), need));
    return strcmp(key, "place") == 0 ? correct_place(d, need) : NULL;
}
