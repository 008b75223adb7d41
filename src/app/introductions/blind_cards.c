/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* blind_cards.c - what of a need goes onto a card: no more than leaves five organisations that could have
 * written it, by what everybody in the space may see. */
#include <string.h>

#include "arena/arena.h"
#include "blind/blind.h"
#include "catalogue/catalogue.h"
#include "clock/clock.h"
#include "competitors/competitors.h"
#include "i18n/i18n.h"
#include "introductions/internal.h"
#include "needs/needs.h"
#include "places/places.h"
#include "queries/introductions.h"
#include "text/capital.h"

enum { MOST_PLACES = 4096 };

/* Names of places by number: whoever shares a place shares its number. */
struct numbered {
    const char **names;
    int count;
};

static int number_of(struct numbered *n, const char *name)
{
    if (!name || !*name)
        return -1;
    for (int i = 0; i < n->count; i++)
        if (strcmp(n->names[i], name) == 0)
            return i;
    if (n->count == MOST_PLACES)
        return -1;
    n->names[n->count] = name;
    return n->count++;
}

/* Where an organisation works, as everybody may see it. */
struct whereabouts {
    const char *epci, *department;
};

static struct whereabouts whereabouts_of(const struct catalogue_entry *e)
{
    const struct site *s = e ? e->main_site : NULL;
    struct place p;
    struct whereabouts w = {s ? s->epci : NULL, NULL};
    if (s && s->commune_code && place_by_code(s->commune_code, &p)) {
        w.department = p.department;
        w.epci = w.epci ? w.epci : p.epci;
    }
    return w;
}

/* A term in the words of a rung: itself, the next broader one, the broadest; 0: not said. */
static int64_t in_words(const struct catalogue *c, int64_t id, int words)
{
    const struct term *t = catalogue_term(c, id);
    if (!t || words == BLIND_NOTHING)
        return 0;
    for (int up = words == BLIND_TOP ? LIMIT_TERMS : words; up > 0 && t->parent; up--) {
        const struct term *broader = catalogue_term(c, t->parent);
        if (!broader)
            break;
        t = broader;
    }
    return t->id;
}

static bool touches(const struct catalogue *c, const struct catalogue_entry *e, const struct term_list *terms,
                    int words)
{
    for (size_t i = 0; i < terms->count; i++) {
        int64_t id = in_words(c, terms->ids[i], words);
        if (id && entry_has_term(e, id))
            return true;
    }
    return false;
}

/* From which words on it could have asked: brands buy whatever goes into a product; others ask for what
 * touches their own trade. What is not known speaks for nobody. */
static int fits_from(const struct catalogue *c, const struct catalogue_entry *e, const struct need *need)
{
    bool silent = !need->processes.count && !need->materials.count;
    if (silent || (e->organisation.kind && strcmp(e->organisation.kind, "brand") == 0))
        return BLIND_EXACT;
    for (int words = BLIND_EXACT; words < BLIND_NOTHING; words++)
        if (touches(c, e, &need->processes, words) || touches(c, e, &need->materials, words))
            return words;
    return BLIND_NOTHING;
}

/* Everybody who is there and is not asked; the author last, where nobody may see it. */
static struct blind_firm *firms_of(struct arena *a, const struct catalogue *c, const struct need *need,
                                   int64_t reader, size_t *count, size_t *author)
{
    struct blind_firm *firms = NEW(a, struct blind_firm, c->count + 1);
    struct numbered near = {NEW(a, const char *, MOST_PLACES), 0},
                    far = {NEW(a, const char *, MOST_PLACES), 0};
    *count = 0;
    *author = SIZE_MAX;
    for (size_t i = 0; i < c->count; i++) {
        const struct catalogue_entry *e = &c->entries[i];
        if (e->organisation.id == reader || known_integer(e->organisation.closed))
            continue;
        struct whereabouts at = whereabouts_of(e);
        if (e->organisation.id == need->organisation)
            *author = *count;
        firms[(*count)++] = (struct blind_firm){number_of(&near, at.epci), number_of(&far, at.department),
                                                fits_from(c, e, need)};
    }
    if (*author == SIZE_MAX) {
        *author = *count;
        firms[(*count)++] = (struct blind_firm){-1, -1, BLIND_NOTHING + 1};
    }
    return firms;
}

static void say_terms(struct arena *a, const struct catalogue *c, const struct term_list *from, int words,
                      struct term_list *to)
{
    for (size_t i = 0; i < from->count; i++) {
        int64_t id = in_words(c, from->ids[i], words);
        if (id)
            term_list_add(a, to, id);
    }
}

static const char *say_place(struct arena *a, struct whereabouts at, enum blind_place place)
{
    struct epci epci;
    const char *department = at.department ? department_name(at.department) : NULL;
    if (place == BLIND_NEAR && at.epci && epci_by_code(at.epci, &epci))
        return arena_print(a, "%s", epci.name);
    return place != BLIND_NOWHERE ? department : NULL;
}

static void say_numbers(const struct need *need, struct blind_card *card)
{
    int64_t pieces = known_integer(need->volume) ? need->volume : need->quantity;
    card->size = need->size;
    card->tolerance = (struct interval){need->tolerance, need->tolerance};
    card->pieces = (struct interval){pieces, pieces};
    blind_band(&card->size.lo, &card->size.hi, false);
    blind_band(&card->tolerance.lo, &card->tolerance.hi, false);
    blind_band(&card->pieces.lo, &card->pieces.hi, true);
}

/* "Perçage · laiton" */
static const char *name_card(struct arena *a, const struct catalogue *c, const struct blind_card *card)
{
    const struct term *process = card->processes.count ? catalogue_term(c, card->processes.ids[0]) : NULL;
    const struct term *material = card->materials.count ? catalogue_term(c, card->materials.ids[0]) : NULL;
    if (process && material)
        return capitalised(a, arena_print(a, "%s · %s", term_label(process), term_label(material)));
    if (process || material)
        return capitalised(a, term_label(process ? process : material));
    return tr("A request");
}

/* Can nobody sign in for it? Who asks is not told: of whom nobody speaks for, fewer needs come. */
static struct fault *find_silence(struct door *d, int64_t organisation, bool *silent)
{
    struct organisation_row *rows = NULL;
    struct sight sight = door_sight(d);
    size_t count = 0;
    if (door_viewer(d)->roles & ROLE_FACILITATOR)
        TRY(introductions_organisation_unreached(door_connection(d), door_arena(d), &sight, today(),
                                                 organisation, &rows, &count));
    *silent = count > 0;
    return NULL;
}

/* "Charbonnel compte Brenelle parmi ses concurrents : décolletage sous 3 mm." */
static struct fault *add_competing(struct door *d, int64_t one, int64_t other, struct card_draft *draft)
{
    struct arena *a = door_arena(d);
    const int64_t both[] = {one, other};
    const char **names = NULL;
    struct competitor_tie *ties = NULL;
    size_t count = 0;
    TRY(competitors_of(d, one, other, &ties, &count));
    TRY(door_names(d, &organisation_type, both, COUNT(both), &names));
    const char **all = NEW(a, const char *, draft->competing_count + count + 1);
    for (size_t i = 0; i < draft->competing_count; i++)
        all[i] = draft->competing[i];
    for (size_t i = 0; i < count; i++)
        all[draft->competing_count++] = arena_print(
            a, tr("%s counts %s among its competitors%s%s"), names[ties[i].by_other],
            names[!ties[i].by_other], ties[i].note ? tr(": ") : ".", ties[i].note ? ties[i].note : "");
    draft->competing = all;
    return NULL;
}

static struct fault *add_hint(struct door *d, int64_t asker, int64_t asked, struct card_draft *draft)
{
    const int64_t both[] = {asker, asked};
    const char **names = NULL;
    struct competitor_hint *hints = NULL;
    size_t count = 0;
    TRY(competitors_hinted(d, asker, &hints, &count));
    TRY(door_names(d, &organisation_type, both, COUNT(both), &names));
    for (size_t i = 0; i < count; i++)
        if (hints[i].other == asked)
            draft->hint =
                arena_print(door_arena(d), tr("%s also does %zu of the %zu processes that %s names: %s."),
                            names[1], hints[i].common, hints[i].of, names[0], hints[i].processes);
    return NULL;
}

/* Those asked together are told of each other too: facilitators, who see what all declared, are asked. */
static struct fault *find_competing(struct door *d, int64_t asker, int64_t asked, int64_t with,
                                    struct card_draft *draft)
{
    int64_t *firms = NULL;
    size_t count = 0;
    TRY(add_competing(d, asker, asked, draft));
    if (!(door_viewer(d)->roles & ROLE_FACILITATOR))
        return NULL;
    TRY(add_hint(d, asker, asked, draft));
    TRY(party_firms(d, with, &firms, &count));
    for (size_t i = 0; i < count; i++)
        TRY(add_competing(d, firms[i], asked, draft));
    return NULL;
}

static struct fault *check_askable(struct door *d, const struct need *need, int64_t organisation)
{
    const char **name = NULL;
    if (!door_may_write(d, &need_type, need))
        return fault(FAULT_DENIED, "Whose need it is, and the facilitators, ask others about it.");
    if (!need->state || strcmp(need->state, "open") != 0)
        return fault_in("need", fault(FAULT_INVALID, "Open this need before you ask somebody about it."));
    if (visibility_of_code(need->visibility) == VISIBILITY_PRIVATE)
        return fault_in("need", fault(FAULT_INVALID, "This need is for your organisation alone: let the "
                                                     "facilitators see it before you ask somebody."));
    if (organisation == need->organisation)
        return fault_in("organisation", fault(FAULT_INVALID, "An organisation does not answer itself."));
    TRY(door_names(d, &organisation_type, &organisation, 1, &name));
    return organisation && name[0]
               ? NULL
               : fault_in("organisation", fault(FAULT_INVALID, "This organisation does not exist."));
}

struct fault *deal_draft(struct door *d, const struct need *need, int64_t organisation, int64_t with,
                         struct card_draft *draft)
{
    struct arena *a = door_arena(d);
    const struct catalogue *c = NULL;
    struct door *everybody = NULL;
    size_t count, author;
    TRY(check_askable(d, need, organisation));
    TRY(door_open_everybody(d, &everybody));
    TRY(catalogue_of(everybody, &c));
    const struct catalogue_entry *author_entry = catalogue_find(c, need->organisation);
    bool seen = author_entry && visibility_of_code(need->visibility) <= VISIBILITY_SPACE;
    *draft = (struct card_draft){.blind = !seen};
    struct blind_card *card = &draft->card;
    record_clear(&blind_card_type, card);
    record_start(&blind_card_type, card);
    card->organisation = organisation;
    struct blind_rung rung = blind_rungs[0];
    struct whereabouts at = whereabouts_of(author_entry);
    if (draft->blind) {
        const struct blind_firm *firms = firms_of(a, c, need, organisation, &count, &author);
        struct blind_choice choice = blind_choose(a, firms, count, author, PLAUSIBLE_LEAST);
        draft->hidden = choice.rung < BLIND_RUNGS;
        rung = blind_rungs[draft->hidden ? choice.rung : BLIND_RUNGS - 1];
        card->plausible = (int64_t)choice.plausible;
    } else {
        draft->hidden = true;
        card->asker = need->organisation;
        card->need_text = need->text;
    }
    TRY(find_silence(d, organisation, &draft->silent));
    TRY(find_competing(d, need->organisation, organisation, with, draft));
    say_terms(a, c, &need->processes, rung.words, &card->processes);
    say_terms(a, c, &need->materials, rung.words, &card->materials);
    say_numbers(need, card);
    card->region = say_place(a, at, rung.place);
    card->subject = draft->blind ? name_card(a, c, card) : need->title;
    return arena_check(a);
}
