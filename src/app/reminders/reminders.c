/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reminders/reminders.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "digests/digests.h"
#include "log/log.h"
#include "mail/internal.h"
#include "mail/readers.h"
#include "records/addresses.h"
#include "reminders/concerned.h"
#include "reminders/mail_act.h"
#include "roster/digests.h"
#include "roster/letters.h"

/* What is written to one person. */
struct writing {
    struct house *house;
    const struct space_info *space;
    const struct person *reader;
    struct door *door; /* the reader's */
    struct arena *arena;
    const char *url, *unsubscribe;
    bool by_mail; /* they may act from the letter */
    size_t written;
};

/* What fell due longer ago is in the queue, and in no letter: a server that was away does not write all at
 * once. */
static bool is_due(const struct deal_waiting *w)
{
    enum { WINDOW_DAYS = 7 };
    int64_t days = today() - w->since, hour = local_seconds(now_us()) / 3600 % 24;
    if (w->reminders && (hour < 7 || hour >= 20)) /* nobody is reminded at night */
        return false;
    int64_t fell_due = introduction_next_reminder(w->state, days - WINDOW_DAYS, w->plan);
    return days < WINDOW_DAYS || (fell_due && fell_due <= days);
}

/* --- one letter ----------------------------------------------------------------------------------------- */

/* Whose words its subject is; of a blind card ours, which say processes and materials. */
static struct fault *say_subject(const struct writing *w, const struct deal_waiting *about,
                                 struct letter_part *parts, size_t *count)
{
    const int64_t asker = about->type == &introduction_type ? about->owner : about->other;
    const char **name = NULL;
    TRY(door_names(w->door, &organisation_type, &asker, 1, &name));
    if (asker && name[0])
        parts[(*count)++] = (struct letter_part){
            PART_TEXT, arena_print(w->arena, tr("It is about what %s calls so:"), name[0]), NULL};
    parts[(*count)++] =
        (struct letter_part){asker && name[0] ? PART_QUOTE : PART_HEADING, about->subject, NULL};
    return NULL;
}

/* What its subject does not say. */
static struct fault *say_facts(const struct writing *w, int64_t id, struct letter_part *parts, size_t *count)
{
    static const char *const fields[] = {"size", "tolerance", "pieces", "region"};
    struct blind_card card;
    TRY(door_load(w->door, blind_card, id, &card, NULL));
    for (size_t i = 0; i < COUNT(fields); i++) {
        const struct field *f = field_find(&blind_card_type, fields[i]);
        const char *value = value_shown(f, w->arena, &card);
        if (*value)
            parts[(*count)++] = (struct letter_part){
                PART_ITEM, arena_print(w->arena, tr("%s: %s"), tr(f->label), value), NULL};
    }
    return NULL;
}

static struct fault *compose(const struct writing *w, const struct deal_waiting *about, bool by_mail,
                             struct letter *l)
{
    enum { MOST_PARTS = 12 };
    struct arena *a = w->arena;
    struct letter_part *parts = NEW(a, struct letter_part, MOST_PARTS);
    bool card = about->type == &blind_card_type;
    const char *page =
        arena_print(a, "%s/%s/%lld", w->url, card ? "demandes" : "mises-en-relation", (long long)about->id);
    size_t n = 0;
    parts[n++] =
        (struct letter_part){PART_TEXT, arena_print(a, tr("Good day %s,"), door_person_name(w->door)), NULL};
    parts[n++] = (struct letter_part){PART_TEXT, tr(about->why), NULL};
    TRY(say_subject(w, about, parts, &n));
    if (card)
        TRY(say_facts(w, about->id, parts, &n));
    parts[n++] = (struct letter_part){PART_BUTTON, tr(about->task),
                                      by_mail ? arena_print(a, "%s/reponse/%s", w->url, LETTER_TOKEN) : page};
    if (by_mail)
        parts[n++] =
            (struct letter_part){PART_TEXT,
                                 arena_print(a,
                                             tr("The page asks for your answer: nothing is done before. It "
                                                "needs no password, acts in your "
                                                "name, once, within %d days: do not forward this letter."),
                                             MAIL_ACT_DAYS),
                                 NULL};
    parts[n++] = (struct letter_part){
        PART_NOTE,
        arena_print(a, tr("You receive this because something waits on you in %s. No letters any more:"),
                    w->space->title),
        w->unsubscribe};
    l->subject = tr(about->task); /* what a need is called is not for locked screens */
    l->unsubscribe = w->unsubscribe;
    l->parts = parts;
    l->count = n;
    return NULL;
}

/* Each reminder to each person is written once. */
static const char *key_of(const struct writing *w, const struct deal_waiting *about)
{
    if (about->call)
        return arena_print(w->arena, "call:%lld:%d:%lld", (long long)about->call, about->reminders,
                           (long long)w->reader->id);
    return arena_print(w->arena, "waits:%s:%lld:%lld:%d:%lld", about->type->name, (long long)about->id,
                       (long long)about->version, about->reminders, (long long)w->reader->id);
}

bool reminder_about(struct arena *a, const char *key, struct deal_waiting *about)
{
    struct slice rest = slice_of(key), word, type, id, version;
    if (!slice_cut(&rest, ':', &word) || !slice_equal(word, S("waits")) || !slice_cut(&rest, ':', &type) ||
        !slice_cut(&rest, ':', &id) || !slice_cut(&rest, ':', &version))
        return false;
    about->type = record_type_find(slice_text(a, type));
    return about->type && integer_parse(id, &about->id) && integer_parse(version, &about->version);
}

static struct fault *write_one(struct writing *w, const struct deal_waiting *about)
{
    bool known = false, fresh = false, by_mail = w->by_mail && (about->parties & PARTY_SIDES);
    struct letter l = {.key = key_of(w, about), .to = w->reader->email, .person = w->reader->id};
    TRY(roster_letter_known(house_roster(w->house), w->space->name, l.key, &known));
    if (known)
        return NULL;
    TRY(compose(w, about, by_mail, &l));
    TRY(mail_act_write(w->house, w->space, by_mail ? about : NULL, &l, &fresh));
    w->written += fresh;
    return NULL;
}

/* --- everybody ------------------------------------------------------------------------------------------ */

static struct fault *write_due(struct writing *w)
{
    struct deal_waiting *all = NULL;
    const char *sealed = NULL;
    size_t count = 0;
    TRY(door_open(w->space->space, w->arena, w->reader->id, &w->door));
    door_read_as(w->door, READING_NONE); /* nobody has opened anything */
    TRY(deal_queue(w->door, QUEUE_LONG, &all, &count));
    if (!count)
        return NULL;
    TRY(digest_seal(w->house, w->space, w->arena, w->reader->id, &sealed));
    TRY(mail_act_enough(w->house, w->space, w->door, &w->by_mail));
    w->url = house_url(w->house, w->space, w->arena);
    w->unsubscribe = arena_print(w->arena, "%s/desabonnement/%s", w->url, sealed);
    for (size_t i = 0; i < count; i++)
        if (all[i].type != &need_type && is_due(&all[i]))
            TRY(write_one(w, &all[i]));
    return NULL;
}

/* In the person's own language. */
static struct fault *write_to(struct house *h, const struct space_info *s, const struct person *p,
                              size_t *written)
{
    ARENA_SCOPE(work);
    struct writing w = {.house = h, .space = s, .reader = p, .arena = work};
    enum language spoken = language(), own = spoken;
    if (digest_rate_of(p->digest) == DIGEST_NEVER)
        return NULL;
    if (p->language)
        (void)language_parse(p->language, &own);
    language_set(own);
    struct fault *failed = write_due(&w);
    language_set(spoken);
    *written += w.written;
    return failed;
}

static struct fault *write_to_all(struct house *h, const struct space_info *s, size_t *written)
{
    bool more = true;
    for (int64_t batch = 1; more; batch++) {
        ARENA_SCOPE(people);
        struct person *all = NULL;
        size_t count = 0;
        TRY(mail_readers(h, s, people, batch, &all, &count, &more));
        for (size_t i = 0; i < count; i++)
            TRY(write_to(h, s, &all[i], written));
    }
    return NULL;
}

static struct fault *write_to_some(struct house *h, const struct space_info *s, const int64_t *people,
                                   size_t count, size_t *written)
{
    for (size_t i = 0; i < count; i++) {
        ARENA_SCOPE(work);
        struct person p;
        bool reads = false;
        TRY(mail_reader(h, s, work, people[i], &p, &reads));
        if (reads)
            TRY(write_to(h, s, &p, written));
    }
    return NULL;
}

/* Reminders fall due by days, and leave from seven in the morning on: a turn. Within it only what changed
 * lets something else wait on somebody. */
static int64_t turn_now(void)
{
    return (local_seconds(now_us()) - 7 * 3600) / 86400;
}

static struct fault *write_round(struct house *h, const struct space_info *s,
                                 const struct roster_reminded *last, const struct roster_reminded *now,
                                 size_t *written)
{
    /* an entry may be older than one that was seen before it */
    static const int64_t margin_us = 60 * SECOND_US;
    ARENA_SCOPE(work);
    int64_t *people = NULL;
    size_t count = 0;
    bool everybody = last->turn != now->turn;
    if (!everybody)
        TRY(reminders_concerned(s, work, id_at(id_instant_us(last->entry) - margin_us), &people, &count,
                                &everybody));
    return everybody ? write_to_all(h, s, written) : write_to_some(h, s, people, count, written);
}

struct fault *reminders_write(struct house *h, const struct space_info *s, size_t *written)
{
    ARENA_SCOPE(work);
    struct door *d = NULL;
    struct roster_reminded last, now = {.turn = turn_now()};
    size_t total = 0;
    TRY(door_open_program(s->space, work, &d));
    TRY(door_generation(d, &now.entry));
    TRY(roster_reminded(house_roster(h), s->name, &last));
    if (last.turn != now.turn || last.entry != now.entry) {
        TRY(write_round(h, s, &last, &now, &total));
        TRY(roster_reminded_set(house_roster(h), s->name, &now));
    }
    if (total) {
        log_event(LOG_INFO, "reminders", "space=%s letters=%zu", s->name, total);
        post_ring(house_post(h));
    }
    if (written)
        *written = total;
    return NULL;
}
