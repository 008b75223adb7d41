/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* Somebody who is sent a blind card tries to name its author.
 *
 * The attacker knows what every member may see, how cards are made, and more than anybody could: the exact
 * facts of the need. Whoever could not have written this very card, or could by what is known of them never
 * have asked for it, is ruled out; and so is, where a member sees for some that somebody acts for them, for
 * whom nobody is seen to. Over the demonstration's confidential needs and many readers, five remain. */
#include <string.h>
#include <unistd.h>

#include "catalogue/catalogue.h"
#include "demo/demo.h"
#include "folder.h"
#include "house/house.h"
#include "introductions/deals.h"
#include "test.h"

enum { READERS = 3 };

struct crowd {
    const struct catalogue *catalogue;
    bool *acting; /* somebody is seen to act for it, of each of the catalogue's */
    size_t seen;
};

struct tally {
    size_t cards, refused, fewest;
};

static bool same_terms(const struct term_list *a, const struct term_list *b)
{
    return a->count == b->count && (!a->count || memcmp(a->ids, b->ids, a->count * sizeof *a->ids) == 0);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_card(const struct blind_card *a, const struct blind_card *b)
{
    return same_terms(&a->processes, &b->processes) && same_terms(&a->materials, &b->materials) &&
           same_text(a->region, b->region) && same_text(a->subject, b->subject) && a->size.lo == b->size.lo &&
           a->size.hi == b->size.hi && a->pieces.lo == b->pieces.lo && a->plausible == b->plausible;
}

static bool knows_one(const struct catalogue_entry *e, const struct term_list *said)
{
    for (size_t i = 0; i < said->count; i++)
        if (entry_has_term(e, said->ids[i]))
            return true;
    return false;
}

/* Could it, by what everybody sees of it, have asked for what the card says? */
static bool could_ask(const struct catalogue_entry *e, const struct blind_card *card)
{
    bool brand = e->organisation.kind && strcmp(e->organisation.kind, "brand") == 0;
    bool says = card->processes.count || card->materials.count;
    return brand || !says || knows_one(e, &card->processes) || knows_one(e, &card->materials);
}

static bool would_write(struct space *s, const struct need *need, int64_t author, int64_t reader,
                        const struct blind_card *card)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct card_draft draft;
    struct need theirs = *need;
    theirs.organisation = author;
    assert_ok(door_open_program(s, work, &d));
    return !deal_draft(d, &theirs, reader, 0, &draft) && draft.hidden && same_card(&draft.card, card);
}

/* By its mandates, and by who is named to have changed what it shows. */
static bool seen_acting(struct door *everybody, const struct catalogue_entry *e)
{
    struct history_line *lines = NULL;
    void *records = NULL;
    size_t count = 0;
    assert_ok(door_all(everybody, &mandate_type, &records, &count));
    const struct mandate *mandates = records;
    for (size_t i = 0; i < count; i++)
        if (mandates[i].organisation == e->organisation.id)
            return true;
    assert_ok(door_history(everybody, &organisation_type, e->organisation.id, &lines, &count));
    for (size_t i = 0; i < count; i++)
        if (lines[i].person)
            return true;
    return false;
}

static struct crowd crowd_of(struct door *everybody)
{
    struct crowd crowd = {0};
    assert_ok(catalogue_of(everybody, &crowd.catalogue));
    crowd.acting = NEW(door_arena(everybody), bool, crowd.catalogue->count);
    for (size_t i = 0; i < crowd.catalogue->count; i++) {
        crowd.acting[i] = seen_acting(everybody, &crowd.catalogue->entries[i]);
        crowd.seen += crowd.acting[i];
    }
    return crowd;
}

/* How many the attacker cannot tell from the author. */
static size_t left_over(struct space *s, const struct crowd *crowd, const struct need *need, int64_t reader,
                        const struct blind_card *card)
{
    const struct catalogue *c = crowd->catalogue;
    size_t left = 0;
    for (size_t i = 0; i < c->count; i++) {
        const struct catalogue_entry *e = &c->entries[i];
        left += e->organisation.id != reader && (!crowd->seen || crowd->acting[i]) && could_ask(e, card) &&
                would_write(s, need, e->organisation.id, reader, card);
    }
    return left;
}

static void attack(struct space *s, const struct crowd *crowd, const struct need *need, size_t first,
                   struct tally *t)
{
    const struct catalogue *c = crowd->catalogue;
    for (size_t k = 0; k < READERS; k++) {
        ARENA_SCOPE(work);
        struct door *d = NULL;
        struct card_draft draft;
        int64_t reader = c->entries[(first + k * (c->count / READERS)) % c->count].organisation.id;
        assert_ok(door_open_program(s, work, &d));
        if (deal_draft(d, need, reader, 0, &draft))
            continue; /* the author itself */
        if (!draft.hidden) {
            t->refused++;
            continue;
        }
        size_t left = left_over(s, crowd, need, reader, &draft.card);
        if (left < PLAUSIBLE_LEAST)
            print_message("# %s: %zu left\n", need->title, left);
        t->fewest = left < t->fewest ? left : t->fewest;
        t->cards++;
    }
}

static void attack_space(struct space *s, struct tally *t)
{
    ARENA_SCOPE(work);
    struct door *d = NULL, *everybody = NULL;
    struct list_page page;
    const struct list_filter filters[] = {{"visibility", "confidential"}, {"state", "open"}};
    struct list_request asked = {.type = &need_type, .filters = filters, .filter_count = 2, .plain = true};
    assert_ok(door_open_program(s, work, &d));
    assert_ok(door_open_class(
        s, work, work, (struct viewer){.roles = ROLE_VISITOR | ROLE_MEMBER, .person = -1}, &everybody));
    const struct crowd crowd = crowd_of(everybody);
    assert_ok(door_list(d, &asked, &page));
    const struct need *needs = page.records;
    for (size_t i = 0; i < page.count; i++)
        attack(s, &crowd, &needs[i], 5 * i, t);
}

static void nobody_names_the_author_of_a_card(void **state)
{
    (void)state;
    static const char *const names[] = {"federation", "pole", "territoire"};
    char folder[64], demo[96];
    struct house *house = NULL;
    struct tally t = {.fewest = SIZE_MAX};
    folder_new(folder, "attacker");
    (void)snprintf(demo, sizeof demo, "%s/demo", folder);
    assert_ok(demo_make(demo));
    assert_ok(house_open(demo, &house));
    for (size_t i = 0; i < COUNT(names); i++)
        attack_space(house_named(house, names[i])->space, &t);
    house_close(house);
    folder_remove(folder);
    print_message("# %zu cards, at least %zu could have written each; %zu were not to be sent\n", t.cards,
                  t.fewest, t.refused);
    assert_true(t.cards >= 12);
    assert_true(t.fewest >= PLAUSIBLE_LEAST);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(nobody_names_the_author_of_a_card)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
