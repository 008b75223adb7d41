/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* folds.c - old readings become lines of a day, and old lines go; both verified.
 *
 * A fold is named by the number that the last of its readings had in their chain. Its entry in the journal
 * keeps that number and link, where the chain goes on from, and a hash of its lines. One of them is no
 * reading but salt: without it nobody can guess the lines back from the hash once they are gone. */
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "arena/arena.h"
#include "clock/clock.h"
#include "db/sight.h"
#include "db/statement.h"
#include "journal/chain.h"
#include "journal/readings.h"
#include "limits/limits.h"
#include "text/buffer.h"

#define OURS BY_PROGRAM("journal")

/* Whose entries in the journal the folds are, and what is where among their values. */
static const char about[] = "reading";
enum fold_part { PART_SEQ = 1, PART_LINK, PART_HASH, PART_UNTIL };

enum { HEX = 2 * DIGEST_SIZE + 1 };

/* Before which instant a thing ended that is over for so many days. */
static int64_t over_for(int days)
{
    return day_start_us(day_at(now_us()) - days);
}

static int by_line(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;
    const int64_t differences[] = {x->at_us - y->at_us, x->person - y->person, x->act - y->act,
                                   strcmp(x->type, y->type), x->record - y->record};
    for (size_t i = 0; i < COUNT(differences); i++)
        if (differences[i])
            return differences[i] > 0 ? 1 : -1;
    return 0;
}

/* BLAKE2b of the lines in their order. */
static struct fault *lines_hash(const struct reading *lines, size_t count, char hex[HEX])
{
    ARENA_SCOPE(work);
    unsigned char hash[DIGEST_SIZE];
    struct buffer *all = buffer_new(work, LIMIT_RESPONSE);
    for (size_t i = 0; i < count; i++)
        buffer_print(all, "%lld %lld %lld %s %lld %lld\n", (long long)lines[i].at_us,
                     (long long)lines[i].person, (long long)lines[i].act, lines[i].type,
                     (long long)lines[i].record, (long long)lines[i].times);
    (void)crypto_generichash(hash, DIGEST_SIZE, (const unsigned char *)buffer_string(all), all->len, NULL, 0);
    (void)sodium_bin2hex(hex, HEX, hash, DIGEST_SIZE);
    return buffer_check(all);
}

/* Folding. */

static struct fault *note_fold(struct transaction *t, const struct chain_seal *end, const char *hash,
                               int64_t until_us)
{
    ARENA_SCOPE(work);
    char link[HEX];
    (void)sodium_bin2hex(link, sizeof link, end->link, DIGEST_SIZE);
    const struct journal_change parts[] = {
        {.field = PART_SEQ, .after = arena_print(work, "%lld", (long long)end->seq)},
        {.field = PART_LINK, .after = link},
        {.field = PART_HASH, .after = hash},
        {.field = PART_UNTIL, .after = day_print(work, day_at(until_us))}};
    return journal_append(t, 0, JOURNAL_FOLD, about, 0, parts, COUNT(parts));
}

/* Sorted readings become lines, in their place; and the salt, the first of the last day. */
static size_t fold_lines(struct arena *a, struct reading *readings, size_t count, struct reading *lines)
{
    unsigned char salt[DIGEST_SIZE];
    char *hex = NEW(a, char, HEX);
    size_t made = 0;
    randombytes_buf(salt, sizeof salt);
    (void)sodium_bin2hex(hex, HEX, salt, sizeof salt);
    for (size_t i = 0; i < count; i++)
        readings[i].at_us = day_start_us(day_at(readings[i].at_us));
    qsort(readings, count, sizeof *readings, by_line);
    for (size_t i = 0; i < count; i++) {
        if (!made || by_line(&lines[made - 1], &readings[i]) != 0) {
            lines[made] = readings[i];
            lines[made++].times = 0;
        }
        lines[made - 1].times++;
    }
    lines[made] = (struct reading){.at_us = lines[made - 1].at_us, .act = JOURNAL_FOLD, .type = hex};
    made++;
    qsort(lines, made, sizeof *lines, by_line);
    return made;
}

static struct fault *keep_lines(struct transaction *t, int64_t fold, const struct reading *lines,
                                size_t count)
{
    for (size_t i = 0; i < count; i++)
        TRY(change_queue(t,
                         SQL(OURS "INSERT INTO reading_day(fold, at_us, person, act, type, record, times)"
                                  " VALUES($1, $2, $3, $4, $5, $6, $7)"),
                         ARGS(ARG(fold), ARG(lines[i].at_us), ARG(lines[i].person), ARG(lines[i].act),
                              ARG(lines[i].type), ARG(lines[i].record), ARG(lines[i].times))));
    return NULL;
}

#define OLD_READING(COLUMN)                                                                                  \
    COLUMN(integer, id)                                                                                      \
    COLUMN(integer, at_us) COLUMN(ref, person) COLUMN(integer, act) COLUMN(text, type) COLUMN(ref, record)
ROW(old_reading, OLD_READING)

/* The oldest that are before an instant: none behind a younger one, as the chain can only be cut. */
static struct fault *old_readings(struct connection *c, struct arena *a, int64_t before_us, int64_t most,
                                  struct old_reading **old, size_t *count)
{
    size_t found;
    TRY(db_select(c, a, old_reading, old, &found,
                  OURS "SELECT id AS id, at_us AS at_us, person AS person, act AS act, type AS type,"
                       " record AS record FROM reading ORDER BY id LIMIT $1",
                  ARGS(ARG(most))));
    for (*count = 0; *count < found && (*old)[*count].at_us < before_us;)
        ++*count;
    return NULL;
}

/* The link of the last of these, whose numbers have no gap; seq 0: it has none yet. */
static struct fault *end_of(struct connection *c, const struct old_reading *old, size_t count,
                            struct chain_seal *end)
{
    struct chain_seal first;
    TRY(chain_seal_first(c, STREAM_READINGS, &first));
    int64_t before = first.seq - (first.entry == old[0].id);
    TRY(chain_seal_at(c, STREAM_READINGS, before + (int64_t)count, end));
    if (end->seq && end->entry != old[count - 1].id)
        return fault(FAULT_INVALID, "The readings do not stand as they were sealed, from entry %lld on.",
                     (long long)before);
    return NULL;
}

static struct fault *fold_these(struct transaction *t, struct arena *work, const struct old_reading *old,
                                size_t count, const struct chain_seal *end)
{
    struct reading *readings = NEW(work, struct reading, count),
                   *lines = NEW(work, struct reading, count + 1);
    char hash[HEX];
    for (size_t i = 0; i < count; i++)
        readings[i] =
            (struct reading){old[i].at_us, old[i].person, old[i].act, old[i].type, old[i].record, 1};
    size_t made = fold_lines(work, readings, count, lines);
    TRY(lines_hash(lines, made, hash));
    TRY(keep_lines(t, end->seq, lines, made));
    TRY(change_queue(t, SQL(OURS "DELETE FROM reading WHERE id <= $1"), ARGS(ARG(end->entry))));
    TRY(change_queue(t, SQL(OURS "DELETE FROM reading_seal WHERE seq < $1"), ARGS(ARG(end->seq))));
    TRY(note_fold(t, end, hash, readings[count - 1].at_us));
    return connection_settle(t->connection);
}

/* The lines of the oldest fold, once the last day of them is old enough. */
static struct fault *drop_lines(struct transaction *t, bool *dropped)
{
    int64_t fold, until_us, gone = 0;
    TRY(db_integer(t->connection, &fold, 0, OURS "SELECT min(fold) FROM reading_day", NO_ARGS));
    TRY(db_integer(t->connection, &until_us, INT64_MAX,
                   OURS "SELECT max(at_us) FROM reading_day WHERE fold = $1", ARGS(ARG(fold))));
    if (until_us < over_for(LIMIT_READINGS_DAYS))
        TRY(db_change(t, &gone, OURS "DELETE FROM reading_day WHERE fold = $1", ARGS(ARG(fold))));
    *dropped = gone > 0;
    return NULL;
}

struct fault *readings_fold(struct transaction *t, int64_t most, bool *more)
{
    ARENA_SCOPE(work);
    struct old_reading *old = NULL;
    struct chain_seal end = {0};
    size_t count;
    TRY(transaction_check(t));
    TRY(old_readings(t->connection, work, over_for(LIMIT_READINGS_WHOLE_DAYS), most, &old, &count));
    if (count)
        TRY(end_of(t->connection, old, count, &end));
    *more = end.seq != 0;
    return end.seq ? fold_these(t, work, old, count, &end) : drop_lines(t, more);
}

/* Verifying. */

static const char *part_of(const struct journal_entry *e, enum fold_part part)
{
    for (size_t i = 0; i < e->count; i++)
        if (e->changes[i].field == (int)part && e->changes[i].after)
            return e->changes[i].after;
    return "";
}

static int64_t seq_of(const struct journal_entry *fold)
{
    return strtoll(part_of(fold, PART_SEQ), NULL, 10);
}

/* Where the chain goes on from. */
static struct fault *start_of(const struct journal_entry *newest, struct chain_seal *start)
{
    size_t length = 0;
    const char *hex = part_of(newest, PART_LINK);
    start->seq = seq_of(newest);
    if (start->seq > 0 &&
        sodium_hex2bin(start->link, DIGEST_SIZE, hex, strlen(hex), NULL, &length, NULL) == 0 &&
        length == DIGEST_SIZE)
        return NULL;
    return fault(FAULT_INVALID, "The journal does not say any more where the chain of readings goes on.");
}

/* The lines of a fold are those it noted, or none once their time is over. Counts the folds that have lines.
 */
static struct fault *fold_verify(struct connection *c, const struct journal_entry *fold, int64_t *with_lines,
                                 int64_t *lines)
{
    ARENA_SCOPE(work);
    struct reading *found = NULL;
    size_t count;
    char hash[HEX];
    int64_t until = 0;
    TRY(db_select(c, work, reading, &found, &count,
                  OURS "SELECT at_us AS at_us, person AS person, act AS act, type AS type, record AS record,"
                       " times AS times FROM reading_day WHERE fold = $1"
                       " ORDER BY at_us, person, act, type, record",
                  ARGS(argument_integer(seq_of(fold)))));
    TRY(lines_hash(found, count, hash));
    bool over = day_parse(slice_of(part_of(fold, PART_UNTIL)), &until) &&
                day_start_us(until) < over_for(LIMIT_READINGS_DAYS);
    if (strcmp(hash, part_of(fold, PART_HASH)) != 0 && !(over && !count))
        return fault(FAULT_INVALID, "The readings up to %s are not those that were folded.",
                     part_of(fold, PART_UNTIL));
    *with_lines += count > 0;
    *lines += count ? (int64_t)count - 1 : 0; /* without the salt */
    return NULL;
}

struct fault *readings_verify(struct connection *c, int64_t *entries, int64_t *open, int64_t *lines)
{
    ARENA_SCOPE(work);
    static const struct sight everything = {.program = "journal"};
    struct journal_entry *folds = NULL;
    struct chain_seal start = {0};
    size_t count;
    int64_t kept, known = 0;
    *lines = 0;
    TRY(journal_of_record(c, work, &everything, about, 0, INT32_MAX, &folds, &count));
    if (count)
        TRY(start_of(&folds[0], &start));
    TRY(chain_verify(c, STREAM_READINGS, count ? &start : NULL, entries, open));
    for (size_t i = 0; i < count; i++)
        TRY(fold_verify(c, &folds[i], &known, lines));
    TRY(db_integer(c, &kept, 0, OURS "SELECT count(DISTINCT fold) FROM reading_day", NO_ARGS));
    return known == kept
               ? NULL
               : fault(FAULT_INVALID, "There are folded readings of which the journal knows nothing.");
}
