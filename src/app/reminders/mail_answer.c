/* SPDX-License-Identifier: AGPL-3.0-or-later */
#include "reminders/mail_answer.h"

#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "mail/message.h"
#include "roster/mail_answers.h"
#include "text/buffer.h"
#include "text/fold.h"

/* --- reading -------------------------------------------------------------------------------------------- */

/* What begins the letter that is answered, and all below it; folded. "On … wrote:" may end a line later. */
static bool ends_answer(struct slice line)
{
    static const char *const begins[] = {
        "-----", "_____", "de :", "de:", "from:", "envoye de ", "sent from "};
    static const char *const ends[] = {" a ecrit :", " a ecrit:", " wrote:"};
    if (slice_equal(line, S("--")))
        return true;
    for (size_t i = 0; i < COUNT(begins); i++)
        if (slice_starts(line, slice_of(begins[i])))
            return true;
    for (size_t i = 0; i < COUNT(ends); i++)
        if (line.len >= strlen(ends[i]) &&
            memcmp(line.ptr + line.len - strlen(ends[i]), ends[i], strlen(ends[i])) == 0)
            return true;
    return false;
}

/* "Le lun. 23 nov. 2026 à 22:10, Grappe" of which "a écrit :" stands on the next line. */
static bool begins_quote(struct slice line, struct slice next)
{
    return (slice_starts(line, S("le ")) || slice_starts(line, S("on "))) && ends_answer(next) &&
           next.len < 80;
}

const char *mail_answer_words(struct arena *a, const char *text)
{
    struct buffer *out = buffer_new(a, MESSAGE_MOST);
    struct slice rest = slice_of(text), line;
    while (slice_cut(&rest, '\n', &line)) {
        struct slice after = rest, next = {"", 0};
        (void)slice_cut(&after, '\n', &next);
        line = slice_trim(line);
        struct slice plain = fold(a, line);
        if (ends_answer(plain) || begins_quote(plain, fold(a, slice_trim(next))))
            break;
        if (line.len && line.ptr[0] == '>')
            continue;
        buffer_slice(out, line);
        buffer_char(out, '\n');
    }
    return slice_text(a, slice_trim(slice_of(buffer_string(out))));
}

/* The phrase alone, or before a comma, a stop or the end of its line. */
static bool begins_with(struct slice words, const char *phrase)
{
    size_t length = strlen(phrase);
    return slice_starts(words, slice_of(phrase)) &&
           (words.len == length || strchr(",.;:!\n", words.ptr[length]));
}

static bool is_one_of(struct slice words, const char *const *phrases)
{
    for (; *phrases; phrases++)
        if (begins_with(words, *phrases))
            return true;
    return false;
}

bool mail_answer_read(struct arena *a, const char *words, enum introduction_state state, int parties,
                      enum introduction_act *act)
{
    static const char *const yes[] = {"oui", "oui merci", "ok", "d'accord", "yes", "yes please", NULL},
                             *const no[] = {"non", "non merci", "no", "no thanks", "no thank you", NULL},
                             *const call[] = {"appelez-moi",  "rappelez-moi", "appelez moi",
                                              "rappelez moi", "call me",      NULL};
    const char *end = strchr(words, '\n');
    struct slice first = fold(a, (struct slice){words, end ? (size_t)(end - words) : strlen(words)});
    size_t count = 0;
    const struct deal_choice *choices = deal_choices(a, state, parties, &count);
    for (size_t i = 0; i < count; i++) {
        *act = choices[i].act;
        bool is_yes = *act != INTRODUCTION_PLEDGE && (introduction_yes(*act) || introduction_plain(*act));
        if ((is_yes && is_one_of(first, yes)) || (*act == INTRODUCTION_DECLINE && is_one_of(first, no)) ||
            (*act == INTRODUCTION_ASK_CALL && is_one_of(first, call)))
            return true;
    }
    return false;
}

/* --- keeping -------------------------------------------------------------------------------------------- */

struct fault *mail_answers(struct house *h, const struct space_info *s, struct door *d,
                           struct mail_answer **answers, size_t *count)
{
    static const int64_t kept_us = MAIL_ANSWER_DAYS * 86400 * SECOND_US;
    struct roster_mail_answer *rows = NULL;
    size_t all = 0;
    TRY(roster_mail_answers(house_roster(h), door_arena(d), s->name, door_viewer(d)->person, &rows, &all));
    *answers = NEW(door_arena(d), struct mail_answer, all + 1);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (rows[i].made_us > now_us() - kept_us)
            (*answers)[(*count)++] = (struct mail_answer){rows[i].record, rows[i].version, rows[i].made_us,
                                                          *rows[i].act ? rows[i].act : NULL, rows[i].words};
    return NULL;
}

const struct mail_answer *mail_answer_of(const struct mail_answer *all, size_t count, int64_t record,
                                         int64_t version)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].record == record && all[i].version == version)
            return &all[i];
    return NULL;
}

struct fault *mail_answer_keep(struct house *h, const struct space_info *s, int64_t person,
                               const struct mail_answer *m)
{
    return roster_mail_answer_set(
        house_roster(h), s->name, person,
        &(struct roster_mail_answer){m->record, m->version, m->act ? m->act : "", m->words, m->made_us});
}

struct fault *mail_answer_end(struct house *h, const struct space_info *s, int64_t person, int64_t record)
{
    return roster_mail_answer_end(house_roster(h), s->name, person, record);
}
