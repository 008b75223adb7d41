/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letters.h - in the server's directory: letters that wait to leave, what became of those that did, and the
 * addresses that refuse them.
 *
 * A row is kept for a while after its end, so that what was sent under a key is not sent again; its texts are
 * not. */
#ifndef GRAPPE_ROSTER_LETTERS_H
#define GRAPPE_ROSTER_LETTERS_H

#include "db/db.h"

enum letter_state {
    LETTER_WAITING,
    LETTER_SENT,
    LETTER_REFUSED, /* its address is none: nothing goes there until somebody says so */
    LETTER_FAILED,  /* this one was not taken */
    LETTER_LATE,    /* nobody took it before it was of no use any more */
    LETTER_NOBODY   /* written for nobody, see mail/letter.h, or for who reads there no more */
};

#define LETTER_ROW(COLUMN)                                                                                   \
    COLUMN(integer, id)                                                                                      \
    COLUMN(text, space)                                                                                      \
    COLUMN(text, key)       /* of a space once */                                                            \
    COLUMN(text, recipient) /* "": nobody */                                                                 \
    COLUMN(integer, person) /* whose address that is; 0: nobody's of the space yet */                        \
    COLUMN(text, subject)                                                                                    \
    COLUMN(text, body) /* with a mark where a token goes, which is drawn when it leaves */                   \
    COLUMN(text, html)                                                                                       \
    COLUMN(text, unsubscribe) /* an address; "": none */                                                     \
    COLUMN(text, pass)        /* hash of the pass or invitation that its token opens; "": none */            \
    COLUMN(integer, made_us)                                                                                 \
    COLUMN(integer, until_us) /* of no use after that */                                                     \
    COLUMN(integer, due_us)   /* when it is tried next, or taken for left behind by who tries it */          \
    COLUMN(integer, tries)                                                                                   \
    COLUMN(integer, state)                                                                                   \
    COLUMN(text, answer) /* of the server that did not take it */
ROW(roster_letter, LETTER_ROW)

/* *fresh: nothing was written under its key before; else nothing happens. */
struct fault *roster_letter_add(struct transaction *, const struct roster_letter *, bool *fresh) MUST_CHECK;
struct fault *roster_letter_known(struct db *, const char *space, const char *key, bool *known) MUST_CHECK;
/* Without its texts; id 0: there is none. */
struct fault *roster_letter_find(struct db *, struct arena *, int64_t id, struct roster_letter *) MUST_CHECK;
/* Those due at that time, the longest due first, at most `most`. */
struct fault *roster_letters_due(struct db *, struct arena *, int64_t at_us, int64_t most,
                                 struct roster_letter **, size_t *count) MUST_CHECK;
/* Takes it until `until_us`, counting a try, unless another has: then *mine is false. */
struct fault *roster_letter_take(struct db *, const struct roster_letter *, const char *runner,
                                 int64_t until_us, bool *mine) MUST_CHECK;
/* Keeps it; *mine is false when it was lost. */
struct fault *roster_letter_keep(struct db *, int64_t id, const char *runner, int64_t until_us,
                                 bool *mine) MUST_CHECK;
/* What its token opens is opened by the one with this hash from now on. */
struct fault *roster_letter_token(struct db *, const struct roster_letter *, const char *hash) MUST_CHECK;
/* Gives it back: state, answer, due_us and tries as the row given has them. One that left, or was refused,
 * says so of its address too. */
struct fault *roster_letter_end(struct db *, const struct roster_letter *, const char *runner) MUST_CHECK;

/* A letter that had left came back for ever: noted as refused, of its address too. *noted false: none had
 * left under that number. */
struct fault *roster_letter_came_back(struct db *, int64_t letter, const char *answer,
                                      bool *noted) MUST_CHECK;

/* Those that did not leave, or were tried in vain, newest first. */
struct fault *roster_letters_in_trouble(struct db *, struct arena *, const char *space, int64_t most,
                                        struct roster_letter **, size_t *count) MUST_CHECK;

#define REFUSED_ROW(COLUMN) COLUMN(text, address) COLUMN(integer, since_us) COLUMN(text, answer)
ROW(roster_refused, REFUSED_ROW)
/* Newest first. */
struct fault *roster_refused_addresses(struct db *, struct arena *, const char *space,
                                       struct roster_refused **, size_t *count) MUST_CHECK;
struct fault *roster_refused_lift(struct db *, const char *space, const char *address,
                                  bool *lifted) MUST_CHECK;

/* Forgets letters that ended before, and refusals before another time: an address may have come back to life.
 * Texts of waiting letters stay. */
struct fault *roster_letters_sweep(struct db *, int64_t before_us, int64_t refused_before_us) MUST_CHECK;

#endif
