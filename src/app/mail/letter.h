/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* letter.h - a letter to a person, said once: drawn as text and as simple HTML. */
#ifndef GRAPPE_LETTER_H
#define GRAPPE_LETTER_H

#include <stddef.h>
#include <stdint.h>

struct arena;

/* QUOTE: what somebody of the space wrote, and we did not. */
enum part_kind { PART_TEXT, PART_HEADING, PART_QUOTE, PART_ITEM, PART_BUTTON, PART_NOTE };
/* Addresses stand in href and nowhere else: in a text, a space keeps programs from making a link of what
 * people wrote ("evil. example"). */
struct letter_part {
    enum part_kind kind;
    const char *text;
    const char *href; /* of an item, a button or a note; NULL: none */
};

/* Stands in an address for the token that opens what is behind it: it is drawn when the letter leaves, so
 * that the outbox holds none. In the text of a part it is not one: letters are drawn without. */
#define LETTER_TOKEN "~~token~~"

struct letter {
    const char *key; /* of a space once: a second letter under it is not sent */
    const char *to;  /* NULL: nobody; the same is done, and no letter leaves */
    int64_t person;  /* whose address that is: it leaves as long as it still is; 0: nobody's of the space */
    const char *subject; /* no words of members: it is shown where anybody sees it, and believed */
    const struct letter_part *parts;
    size_t count;
    const char *pass;        /* hash of the pass or invitation that LETTER_TOKEN is to open; NULL: none */
    const char *unsubscribe; /* an address for one click (RFC 8058); NULL: none */
    int64_t until_us;        /* of no use after that; 0: two days from now */
};

const char *letter_text(struct arena *, const struct letter *);
const char *letter_html(struct arena *, const struct letter *); /* in the thread's language */

#endif
