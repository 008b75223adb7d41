/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/receive.h"

#include <sodium.h>
#include <string.h>
#include <strings.h>

#include "accounts/accounts.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "log/log.h"
#include "mail/internal.h"
#include "mail/mark.h"
#include "mail/message.h"
#include "needs/needs.h"
#include "records/addresses.h"
#include "reminders/mail_act.h"
#include "reminders/mail_answer.h"
#include "reminders/reminders.h"
#include "roster/sessions.h"

struct receiving {
    struct house *house;
    const struct space_info *space;
    struct arena *arena;
    struct mail_message message;
    struct person writer;
    const char *key; /* of the letter that answers it */
};

/* At most so many bytes, of whole characters. */
static struct slice cut(struct slice text, size_t most)
{
    if (text.len <= most)
        return text;
    for (text.len = most; text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80;)
        text.len--;
    return text;
}

/* --- what did not arrive -------------------------------------------------------------------------------- */

/* The letter of ours, of late, with this number; id 0: there is none. */
static struct fault *find_letter(const struct receiving *r, int64_t number, struct roster_letter *l)
{
    static const int64_t lately_us = 14 * 86400 * SECOND_US;
    TRY(roster_letter_find(house_roster(r->house), r->arena, number, l));
    if (l->id && (l->state != LETTER_SENT || l->made_us < now_us() - lately_us))
        *l = (struct roster_letter){0};
    return NULL;
}

/* The address that it came to was told to nobody but the mail servers that had the letter. One of them may
 * have handed it on to somebody else's: so only a report of the address that it went to. */
static struct fault *came_back(const struct receiving *r)
{
    const struct mail_message *m = &r->message;
    struct db *roster = house_roster(r->house);
    struct roster_letter l = {0};
    int64_t number = 0;
    bool noted = false, ours = false;
    for (size_t i = 0; i < COUNT(m->sub_addresses) && !ours; i++)
        TRY(m->sub_addresses[i] ? letter_returned(roster, m->sub_addresses[i], &number, &ours) : NULL);
    if (ours)
        TRY(find_letter(r, number, &l));
    if (l.id && strcmp(l.space, r->space->name) == 0 &&
        (strcasecmp(m->failed_for[0], l.recipient) == 0 || strcasecmp(m->failed_for[1], l.recipient) == 0))
        TRY(roster_letter_came_back(roster, l.id, slice_text(r->arena, cut(slice_of(m->status), 20)),
                                    &noted));
    log_event(LOG_INFO, "bounce", "letter=%lld noted=%d", (long long)l.id, noted);
    return NULL;
}

/* --- what is answered ----------------------------------------------------------------------------------- */

/* about: what LETTER_TOKEN in the path opens; NULL: there is none. */
static struct fault *answer_about(const struct receiving *r, const struct deal_waiting *about,
                                  const char *text, const char *button, const char *path)
{
    bool fresh = false;
    const struct letter_part parts[] = {
        {PART_TEXT, arena_print(r->arena, tr("Good day %s,"), r->writer.name), NULL},
        {PART_TEXT, text, NULL},
        {PART_BUTTON, button, arena_print(r->arena, "%s%s", house_url(r->house, r->space, r->arena), path)},
        {PART_NOTE,
         tr("You receive this because a letter came from your address. If it was not you, tell the "
            "facilitators."),
         NULL}};
    TRY(mail_act_write(
        r->house, r->space, about,
        &(struct letter){.key = r->key,
                         .to = r->writer.email,
                         .person = r->writer.id,
                         .subject = arena_print(r->arena, tr("Your letter to %s"), r->space->title),
                         .parts = parts,
                         .count = COUNT(parts)},
        &fresh));
    post_ring(house_post(r->house));
    return NULL;
}

static struct fault *answer(const struct receiving *r, const char *text, const char *button, const char *path)
{
    return answer_about(r, NULL, text, button, path);
}

/* --- a need --------------------------------------------------------------------------------------------- */

/* By the program: a letter is no proof of who wrote it. */
static struct fault *keep_draft(const struct receiving *r, int64_t organisation, struct need *n)
{
    struct door *d = NULL;
    const struct slice title = cut(slice_trim(slice_of(r->message.subject)), 200),
                       text = cut(slice_trim(slice_of(r->message.text)), 8000);
    record_clear(&need_type, n);
    record_start(&need_type, n);
    n->organisation = organisation;
    n->title = title.len ? slice_text(r->arena, title) : NULL;
    n->text = slice_text(r->arena, text);
    n->state = "draft";
    n->visibility = "confidential";
    TRY(door_open_program(r->space->space, r->arena, &d));
    TRY(needs_fill(d, n));
    return door_save(d, need, n, ALL_FIELDS);
}

static struct fault *receive_need(const struct receiving *r, const struct viewer *v)
{
    struct need n;
    if (v->count != 1)
        return answer(
            r,
            tr("For which organisation you write cannot be told from a letter: write your need on its page."),
            tr("Write a need"), "/besoins/nouveau");
    struct fault *failed = keep_draft(r, v->organisations[0], &n);
    if (failed && failed->code == FAULT_INVALID)
        return answer(r, tr("No need could be read in your letter: write it on its page."),
                      tr("Write a need"), "/besoins/nouveau");
    TRY(failed);
    return answer(
        r,
        tr("Your need is kept as a draft, confided to your organisation and the facilitators. Nobody "
           "is asked before you have read it again and opened it."),
        tr("Read it and open it"), record_url(r->arena, &need_type, n.id));
}

/* --- an answer ------------------------------------------------------------------------------------------ */

/* What they owe, as it stands and as the letter that they answer said; false: it is none of theirs, or has
 * moved on. */
static struct fault *find_owed(const struct receiving *r, struct door *d, const struct roster_letter *l,
                               struct deal_waiting *about, bool *found)
{
    *found = false;
    if (l->person != r->writer.id || strcmp(l->space, r->space->name) != 0 ||
        !reminder_about(r->arena, l->key, about))
        return NULL;
    struct record_head *record = record_new(r->arena, about->type);
    door_read_as(d, READING_NONE); /* nobody has opened anything */
    struct fault *failed = door_load_any(d, about->type, about->id, record, NULL);
    if (failed)
        return failed->code == FAULT_NOT_FOUND ? NULL : failed;
    const char *state = *(const char *const *)field_in(field_find(about->type, "state"), record);
    about->parties = deal_parties(d, about->type, record);
    *found =
        record->version == about->version && about->parties && introduction_state_of(state, &about->state);
    return NULL;
}

/* Kept as what they may have meant. */
static struct fault *receive_answer(const struct receiving *r, struct door *d, const struct roster_letter *l)
{
    enum { WORDS_MOST = 1000 };
    struct arena *a = r->arena;
    struct deal_waiting about = {0};
    enum introduction_act act;
    bool owed = false, enough = false;
    TRY(find_owed(r, d, l, &about, &owed));
    if (!owed)
        return answer(r, tr("What your letter answers has moved on, or takes no answer by mail."),
                      tr("Open my day"), "/aujourdhui");
    const char *words = mail_answer_words(a, r->message.text);
    bool read = mail_answer_read(a, words, about.state, about.parties, &act);
    TRY(mail_answer_keep(r->house, r->space, r->writer.id,
                         &(struct mail_answer){.record = about.id,
                                               .version = about.version,
                                               .made_us = now_us(),
                                               .act = read ? introduction_acts[act].code : NULL,
                                               .words = slice_text(a, cut(slice_of(words), WORDS_MOST))}));
    TRY(mail_act_enough(r->house, r->space, d, &enough));
    const char *text =
        read ? arena_print(a, tr("Your answer was read as: %s. Nothing is done before you confirm it."),
                           tr(introduction_acts[act].label))
             : tr("Your answer is kept for you. Nothing is done before you say what it means.");
    return enough ? answer_about(r, &about, text, tr("Confirm my answer"), "/reponse/" LETTER_TOKEN)
                  : answer(r, text, tr("Confirm my answer"), record_url(a, about.type, about.id));
}

/* --- everything ----------------------------------------------------------------------------------------- */

/* Of what is passed over its writer hears once a day: they may not be who wrote it. */
static struct fault *passed_over(struct receiving *r, const char *why, const char *text)
{
    r->key = arena_print(r->arena, "received:%s:%lld:%lld", why, (long long)r->writer.id, (long long)today());
    return answer(r, text, tr("Open my day"), "/aujourdhui");
}

static struct fault *one_too_many(const struct receiving *r, bool *too_many)
{
    enum { DAY_S = 86400 };
    struct db *roster = house_roster(r->house);
    const char *person = arena_print(r->arena, "mail:%s:%lld", r->space->name, (long long)r->writer.id);
    struct roster_attempts today_so_far;
    TRY(roster_attempts(roster, person, DAY_S, &today_so_far));
    *too_many = today_so_far.failures >= DRAFTS_A_DAY;
    return *too_many ? NULL : roster_attempt_failed(roster, person, DAY_S);
}

/* In the writer's language. */
static struct fault *receive_from_person(struct receiving *r)
{
    struct door *d = NULL;
    struct roster_letter answered = {0};
    int64_t number = 0;
    bool known = false, too_many = false, ours = false;
    TRY(door_open(r->space->space, r->arena, r->writer.id, &d));
    if (!(door_viewer(d)->roles & (ROLE_MEMBER | ROLE_FACILITATOR)))
        return NULL;
    if (!r->message.vouched)
        return passed_over(r, "unvouched",
                           tr("A letter came in your name that no mail server vouches for: nothing of it was "
                              "kept. What you want to say, you can write here."));
    TRY(roster_letter_known(house_roster(r->house), r->space->name, r->key, &known));
    if (known) /* servers hand the same letter on twice */
        return NULL;
    TRY(one_too_many(r, &too_many));
    if (too_many)
        return passed_over(r, "too_many",
                           tr("More letters came from you today than are read: what is missing, you can "
                              "write here."));
    TRY(r->message.answers ? letter_unmark(house_roster(r->house), r->message.answers, &number, &ours)
                           : NULL);
    if (ours)
        TRY(find_letter(r, number, &answered));
    if (ours && !answered.id) /* it quotes what is not the writer's: no need of theirs */
        return passed_over(
            r, "late",
            tr("You answered a letter that is too old, or that had come back: nothing of it was "
               "kept. Where the matter stands, you see here."));
    return answered.id ? receive_answer(r, d, &answered) : receive_need(r, door_viewer(d));
}

/* Servers hand the same letter on with other headers each time. */
static const char *key_of(struct arena *a, const struct mail_message *m, struct slice letter)
{
    const struct slice known_by = m->id ? slice_of(m->id) : letter;
    unsigned char hash[16];
    char text[2 * sizeof hash + 1];
    (void)crypto_generichash(hash, sizeof hash, (const unsigned char *)known_by.ptr, known_by.len, NULL, 0);
    return arena_print(a, "received:%s", sodium_bin2hex(text, sizeof text, hash, sizeof hash));
}

struct fault *mail_receive(struct house *h, const struct space_info *s, struct slice letter,
                           const char *vouching)
{
    ARENA_SCOPE(work);
    struct receiving r = {.house = h, .space = s, .arena = work};
    enum language spoken = language(), own = spoken;
    TRY(mail_message_read(work, letter, vouching, &r.message));
    r.key = key_of(work, &r.message, letter);
    if (r.message.status)
        return came_back(&r);
    if (r.message.automatic || !r.message.from)
        return NULL;
    if (!vouching) {
        log_event(LOG_WARNING, "received", "passed_over=nobody_vouches");
        return NULL;
    }
    TRY(person_with_email(s, work, r.message.from, &r.writer));
    if (!r.writer.id || r.writer.active == FLAG_NO)
        return NULL;
    if (strcasecmp(r.message.from, r.writer.email) != 0) /* found by how it looks: somebody else's domain */
        return NULL;
    if (r.writer.language)
        (void)language_parse(r.writer.language, &own);
    language_set(own);
    struct fault *failed = receive_from_person(&r);
    language_set(spoken);
    return failed;
}
