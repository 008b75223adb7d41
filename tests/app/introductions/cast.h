/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* cast.h - who takes part in the tests of introductions: a brand with its buyer and a confidential need,
 * firms that could make it, a facilitator; and what they do. */
#ifndef GRAPPE_TEST_CAST_H
#define GRAPPE_TEST_CAST_H

#include <string.h>

#include "app/scene.h"
#include "clock/clock.h"
#include "introductions/agreements.h"
#include "introductions/deals.h"
#include "introductions/funnel.h"
#include "test.h"
#include "text/buffer.h"

enum { FIRMS = 8, ASKED = 3 };

struct cast {
    struct scene *scene;
    int64_t brand, buyer, facilitator, need;
    int64_t firms[FIRMS], heads[FIRMS];
};

static inline int64_t add_need(struct cast *c, const char *level, const char *state)
{
    struct need n;
    record_clear(&need_type, &n);
    n.organisation = c->brand;
    n.title = "Platines secrètes";
    n.text = "Perçage de platines en laiton pour le calibre caché de la Maison.";
    n.processes = (struct term_list){NEW(c->scene->arena, int64_t, 1), 1};
    n.processes.ids[0] = scene_term(c->scene, "hole-making");
    n.materials = (struct term_list){NEW(c->scene->arena, int64_t, 1), 1};
    n.materials.ids[0] = scene_term(c->scene, "brass");
    n.size = (struct interval){800000, 800000};
    n.tolerance = 2000;
    n.quantity = 300;
    n.state = state;
    n.visibility = level;
    assert_ok(door_save(scene_program(c->scene), need, &n, ALL_FIELDS));
    return n.id;
}

/* A brand, its buyer, firms that drill brass in one place and the heads of them, a facilitator. */
static inline struct cast cast_of(void **state)
{
    struct cast c = {.scene = *state};
    static const char *const names[FIRMS] = {"Alpha", "Bravo",   "Charlie", "Delta",
                                             "Echo",  "Foxtrot", "Golf",    "Hotel"};
    c.brand = scene_organisation(c.scene, "Maison Cachée", "space");
    scene_site(c.scene, c.brand, "Morteau", "25411");
    c.buyer = scene_person(c.scene, "Hélène Acheteuse", "member", c.brand);
    c.facilitator = scene_person(c.scene, "Claire Animatrice", "facilitator", 0);
    for (int i = 0; i < FIRMS; i++) {
        c.firms[i] = scene_organisation(c.scene, names[i], "space");
        scene_site(c.scene, c.firms[i], "Morteau", "25411");
        (void)scene_capability(c.scene, c.firms[i], "Perçage", "hole-making", "brass", "space");
        c.heads[i] = scene_person(c.scene, names[i], "member", c.firms[i]);
    }
    (void)scene_capability(c.scene, c.brand, "Assemblage", "hole-making", "brass", "space");
    c.need = add_need(&c, "confidential", "open");
    return c;
}

static inline int64_t propose(struct cast *c, int64_t person, int firm)
{
    ARENA_SCOPE(a);
    int64_t id = 0;
    assert_ok(deal_propose(scene_door_in(c->scene, a, person),
                           &(struct deal_proposal){c->need, c->firms[firm], firm + 1}, &id));
    return id;
}

static inline struct blind_card card_of(struct cast *c, int64_t introduction)
{
    struct blind_card card;
    assert_ok(deal_card_of(scene_door(c->scene, c->facilitator), introduction, &card));
    return card;
}

static inline int64_t card_id(struct cast *c, int64_t introduction)
{
    ARENA_SCOPE(a);
    struct blind_card card;
    assert_ok(deal_card_of(scene_door_in(c->scene, a, c->facilitator), introduction, &card));
    return card.id;
}

static inline int64_t newest_agreement(struct cast *c)
{
    ARENA_SCOPE(a);
    struct agreement newest;
    assert_ok(agreement_newest(scene_door_in(c->scene, a, c->buyer), &newest));
    return newest.id;
}

static inline struct fault *act(struct cast *c, int64_t person, int64_t introduction, const char *code,
                                const char *reason)
{
    ARENA_SCOPE(a);
    const struct deal_answer answer = {.act = code, .reason = reason, .agreement = newest_agreement(c)};
    return deal_act(scene_door_in(c->scene, a, person), introduction, &answer);
}

static inline struct fault *answer(struct cast *c, int firm, int64_t introduction, const char *code,
                                   const char *reason)
{
    ARENA_SCOPE(a);
    const struct deal_answer said = {.act = code, .reason = reason, .agreement = newest_agreement(c)};
    return deal_answer_card(scene_door_in(c->scene, a, c->heads[firm]), card_id(c, introduction), &said);
}

static inline struct introduction seen_by(struct cast *c, int64_t person, int64_t introduction)
{
    struct introduction i;
    assert_ok(door_load(scene_door(c->scene, person), introduction, introduction, &i, NULL));
    return i;
}

/* How often the queue of somebody has this record. */
static inline size_t waits_on(struct cast *c, int64_t person, int64_t record)
{
    ARENA_SCOPE(a);
    struct deal_waiting *all = NULL;
    size_t count = 0, found = 0;
    assert_ok(deal_queue(scene_door_in(c->scene, a, person), QUEUE_LONG, &all, &count));
    for (size_t i = 0; i < count; i++)
        found += all[i].id == record;
    return found;
}

/* Everything that the head of a firm can read of a record, as text. */
static inline const char *told_to(struct cast *c, int64_t person, const struct record_type *type, int64_t id)
{
    struct door *d = scene_door(c->scene, person);
    struct buffer *b = buffer_new(c->scene->arena, LIMIT_LONG_TEXT);
    void *record = record_new(c->scene->arena, type);
    struct history_line *lines = NULL;
    size_t count = 0;
    assert_ok(door_load_any(d, type, id, record, NULL));
    for (int i = 0; i < type->count; i++)
        buffer_print(b, "%s\n", value_plain(&type->fields[i], c->scene->arena, record));
    assert_ok(door_history(d, type, id, &lines, &count));
    for (size_t i = 0; i < count; i++)
        buffer_print(b, "%s\n", lines[i].person ? lines[i].person : "");
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < lines[i].count; k++)
            buffer_print(b, "%s %s\n", lines[i].changes[k].before ? lines[i].changes[k].before : "",
                         lines[i].changes[k].after ? lines[i].changes[k].after : "");
    return buffer_string(b);
}

static inline bool tells_who_asks(struct cast *c, const char *text)
{
    static const char *const words[] = {"Cachée", "cachée", "caché", "secrètes", "Hélène"};
    for (size_t i = 0; i < COUNT(words); i++)
        if (strstr(text, words[i]))
            return true;
    const char *const ids[] = {arena_print(c->scene->arena, "%lld", (long long)c->brand),
                               arena_print(c->scene->arena, "%lld", (long long)c->need)};
    return strstr(text, ids[0]) || strstr(text, ids[1]);
}

#endif
