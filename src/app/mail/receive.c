/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "mail/receive.h"

#include <sodium.h>
#include <string.h>

#include "accounts/accounts.h"
#include "arena/arena.h"
#include "clock/clock.h"
#include "log/log.h"
#include "mail/internal.h"
#include "mail/mark.h"
#include "mail/message.h"
#include "needs/needs.h"
#include "records/addresses.h"
#include "roster/sessions.h"
#include "text/fold.h"

struct receiving {
    struct house *house;
    const struct space_info *space;
    struct arena *arena;
    struct mail_message message;
    struct person writer;
    const char *key; /* of the letter that answers it */
};

/* --- what did not arrive -------------------------------------------------------------------------------- */

static struct fault *came_back(const struct receiving *r)
{
    int64_t letter = 0;
    bool ours = false, noted = false;
    TRY(letter_unmark(house_roster(r->house), r->message.bounced, &letter, &ours));
    if (ours)
        TRY(roster_letter_came_back(house_roster(r->house), r->space->name, letter,
                                    arena_print(r->arena, "%.20s", r->message.status), &noted));
    log_event(LOG_INFO, "bounce", "letter=%lld noted=%d", (long long)letter, noted);
    return NULL;
}

/* --- a need --------------------------------------------------------------------------------------------- */

static struct fault *answer(const struct receiving *r, const char *text, const char *button, const char *path)
{
    const struct letter_part parts[] = {
        {PART_TEXT, arena_print(r->arena, tr("Good day %s,"), r->writer.name), NULL},
        {PART_TEXT, text, NULL},
        {PART_BUTTON, button, arena_print(r->arena, "%s%s", house_url(r->house, r->space, r->arena), path)},
        {PART_NOTE,
         tr("You receive this because a letter came from your address. If it was not you, tell the "
            "facilitators."),
         NULL}};
    return house_send(
        r->house, r->space,
        &(struct letter){.key = r->key,
                         .to = r->writer.email,
                         .subject = arena_print(r->arena, tr("Your letter to %s"), r->space->title),
                         .parts = parts,
                         .count = COUNT(parts)});
}

/* At most so many bytes, of whole characters. */
static struct slice cut(struct slice text, size_t most)
{
    if (text.len <= most)
        return text;
    for (text.len = most; text.len && ((unsigned char)text.ptr[text.len] & 0xC0) == 0x80;)
        text.len--;
    return text;
}

/* By the program: a letter is no proof of who wrote it. */
static struct fault *keep_draft(const struct receiving *r, int64_t organisation, struct need *n)
{
    struct door *d = NULL;
    const struct slice title = cut(slice_trim(slice_of(r->message.subject)), 200),
                       text = cut(slice_trim(slice_of(r->message.text)), 8000);
    if (!utf8_valid(title) || !utf8_valid(text))
        return fault(FAULT_INVALID, "This is no letter, or it is too long.");
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
        arena_print(r->arena,
                    tr("“%s” is kept as a draft, confided to your organisation and the facilitators. Nobody "
                       "is asked before you have read it again and opened it."),
                    n.title),
        tr("Read it and open it"), record_url(r->arena, &need_type, n.id));
}

/* In the writer's language. */
static struct fault *receive_from_person(struct receiving *r)
{
    struct door *d = NULL;
    int64_t ignored = 0;
    bool ours = false;
    TRY(door_open(r->space->space, r->arena, r->writer.id, &d));
    if (!(door_viewer(d)->roles & (ROLE_MEMBER | ROLE_FACILITATOR)))
        return NULL;
    if (r->message.answers)
        TRY(letter_unmark(house_roster(r->house), r->message.answers, &ignored, &ours));
    return ours
               ? answer(r,
                        tr("Nobody reads answers to our letters: what waits on you is answered on its page."),
                        tr("Open my day"), "/aujourdhui")
               : receive_need(r, door_viewer(d));
}

/* --- everything ----------------------------------------------------------------------------------------- */

/* Not seen before, and not one too many of today. */
static struct fault *is_welcome(const struct receiving *r, bool *welcome)
{
    enum { DAY_S = 86400 };
    struct db *roster = house_roster(r->house);
    const char *person = arena_print(r->arena, "mail:%s:%lld", r->space->name, (long long)r->writer.id);
    struct roster_attempts today_so_far;
    bool known = false;
    TRY(roster_letter_known(roster, r->space->name, r->key, &known));
    TRY(roster_attempts(roster, person, DAY_S, &today_so_far));
    *welcome = !known && today_so_far.failures < DRAFTS_A_DAY;
    return *welcome ? roster_attempt_failed(roster, person, DAY_S) : NULL;
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

struct fault *mail_receive(struct house *h, const struct space_info *s, struct slice letter)
{
    ARENA_SCOPE(work);
    struct receiving r = {.house = h, .space = s, .arena = work};
    enum language spoken = language(), own = spoken;
    bool welcome = false;
    TRY(mail_message_read(work, letter, &r.message));
    r.key = key_of(work, &r.message, letter);
    if (r.message.bounced)
        return came_back(&r);
    if (r.message.automatic || !r.message.from)
        return NULL;
    TRY(person_with_email(s, work, r.message.from, &r.writer));
    if (!r.writer.id || r.writer.active == FLAG_NO)
        return NULL;
    TRY(is_welcome(&r, &welcome));
    if (!welcome)
        return NULL;
    if (r.writer.language)
        (void)language_parse(r.writer.language, &own);
    language_set(own);
    struct fault *failed = receive_from_person(&r);
    language_set(spoken);
    return failed;
}
