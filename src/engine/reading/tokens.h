/* SPDX-License-Identifier: AGPL-3.0-or-later */
/* tokens.h - a folded text as words, numbers and signs, for the parts of reading that count and measure.
 *
 * Numbers are read as people write them: "5 000", "28'800", "1.250" before a noun, "0,8", "10k", "2 M", "deux
 * cent mille", "une dizaine". */
#ifndef GRAPPE_READING_TOKENS_H
#define GRAPPE_READING_TOKENS_H

#include <stdbool.h>

#include "words/words.h"

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_SIGN };

struct token {
    enum token_kind kind;
    uint32_t at, to; /* bytes of the folded text */
    struct slice text;
    double value; /* numbers */
    bool decimal; /* written with a decimal mark, or grouped in a way that may be one */
    bool spelled; /* in words: "deux cents" */
    bool glued;   /* no space before it */
};

struct tokens {
    const struct words *words;
    struct token *list;
    int count, capacity;
};

struct tokens tokens_split(struct arena *, const struct words *);

bool token_is(const struct tokens *, int at, const char *text); /* false outside the text */
bool token_in(const struct tokens *, int at, const char *const *null_ended_list);
bool token_number(const struct tokens *, int at);
bool token_sign(const struct tokens *, int at, char sign);

/* Bytes of the original text that tokens first .. last cover. */
uint32_t token_start(const struct tokens *, int first);
uint32_t token_end(const struct tokens *, int last);

#endif
